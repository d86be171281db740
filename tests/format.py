"""Every C and C++ source of the tree is formatted by .clang-format. Prints the command that fixes what is not.

Usage: format.py <repository> <clang-format>
"""
import pathlib
import subprocess
import sys

FOLDERS = ("dsl", "compiler", "codegen", "models", "tests", "bench", "examples")
SUFFIXES = {".h", ".cpp", ".c"}


def sources(root):
    for folder in FOLDERS:
        for path in sorted((root / folder).rglob("*")):
            if path.suffix in SUFFIXES:
                yield str(path.relative_to(root))


def unformatted(root, tool, files):
    check = subprocess.run([tool, "--dry-run", "-Werror", *files], cwd=root, capture_output=True, text=True)
    return sorted({line.split(":")[0] for line in check.stderr.splitlines() if ": error:" in line})


def main():
    root, tool = pathlib.Path(sys.argv[1]), sys.argv[2]
    bad = unformatted(root, tool, sources(root))
    if bad:
        print("not formatted; this mends it:\n ", tool, "-i", *bad)
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
