"""Compiles a source whose lines that end in `// dropped` must each get a warning, and no other line: dropped.py SOURCE COMPILER [FLAGS...]"""
import pathlib
import re
import subprocess
import sys


def main():
    source, compiler, flags = pathlib.Path(sys.argv[1]), sys.argv[2], sys.argv[3:]
    wanted = [n for n, line in enumerate(source.read_text().splitlines(), 1) if line.endswith("// dropped")]
    run = subprocess.run([compiler, "-std=c++20", "-fsyntax-only", *flags, str(source)], capture_output=True, text=True)
    warned = re.findall(re.escape(str(source)) + r":(\d+):\d+: warning: ", run.stderr)
    if run.returncode or sorted(set(map(int, warned))) != wanted:
        sys.exit(f"warned of lines {warned}, want {wanted}\n{run.stderr}")
    print(f"{compiler}: {len(wanted)} dropped values are warned of")


if __name__ == "__main__":
    main()
