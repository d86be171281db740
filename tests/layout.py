"""An op is three files: dsl/ops/<op>.td, compiler/ops/<op>.cpp, tests/ops/<op>.mlir. Fails where one is missing. A model is a
row in its folder's CMakeLists.txt. Fails where the build or ./dev have a list of models beside.

Usage: layout.py <repository>
"""
import pathlib
import re
import subprocess
import sys

PLACES = {"dsl/ops": ".td", "compiler/ops": ".cpp", "tests/ops": ".mlir"}


def missing_files(root):
    names = {place: {p.stem for p in (root / place).glob("*" + suffix)} for place, suffix in PLACES.items()}
    for op in sorted(set.union(*names.values())):
        for place, suffix in PLACES.items():
            if op not in names[place]:
                yield f"{place}/{op}{suffix} is missing, but {op} is an op in another folder"


def misnamed_ops(root):
    """The mnemonic of the op is the name of its file."""
    for path in sorted((root / "dsl/ops").glob("*.td")):
        mnemonics = re.findall(r'^\s*(?:def\s+\w+\s*)?:?\s*(?:Kerf_\w+|Op)<(?:Kerf_Dialect,\s*)?"(\w+)"',
                               path.read_text(), re.MULTILINE)
        if path.stem not in mnemonics:
            yield f"dsl/ops/{path.name} defines {', '.join(mnemonics) or 'no op'}; it should define {path.stem}"


def unchecked_ops(root):
    """A test of an op compares its compiled value, and its gradient where it has one."""
    for path in sorted((root / "tests/ops").glob("*.mlir")):
        text = path.read_text()
        if "kerf-opt" not in text:
            yield f"tests/ops/{path.name} has no RUN line with kerf-opt (round trip, constraints, lowering)"
        if path.stem != "yield" and "kerf-run" not in text:
            yield f"tests/ops/{path.name} has no RUN line with kerf-run (value and gradient)"


def listed_models(root):
    """A new system edits no list, so there is none."""
    rows = sorted(root.glob("models/*/CMakeLists.txt"))
    models = {name for row in rows for name in re.findall(r"^kerf_model\((\w+)", row.read_text(), re.MULTILINE)}
    if not models:
        yield "no folder of models/ has a row kerf_model(...)"
    build = subprocess.run(["git", "-C", root, "ls-files", "dev", "*CMakeLists.txt", "*.cmake"], capture_output=True, text=True,
                           check=True).stdout.split()
    for path in (root / name for name in build):
        if path in rows:
            continue
        for command in re.findall(r"\w+\s*\([^)]*\)" if path.name != "dev" else r".+", re.sub(r"#.*", "", path.read_text())):
            named = sorted(models & set(re.findall(r"\w+", command)))
            if len(named) > 1:
                yield f"{path.relative_to(root)} lists {', '.join(named)}; read the rows of models/*/CMakeLists.txt there"


def main():
    root = pathlib.Path(sys.argv[1])
    complaints = [*missing_files(root), *misnamed_ops(root), *unchecked_ops(root)]
    lists = list(listed_models(root))
    print("\n".join(complaints + lists))
    if complaints:
        print("an op is three files: what it is, what it means, how it is tested; add the missing ones")
    return 1 if complaints or lists else 0


if __name__ == "__main__":
    sys.exit(main())
