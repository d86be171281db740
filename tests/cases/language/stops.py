"""What generators say about models: stops.py GENERATOR SOURCE

The source begins with `// error: <text>`, `// refused: <text>` for an error when it is compiled, `// warning: <text>` or `// nothing`. Its generator must say so once, with the
line that ends in `// <- here`, and nothing else; it ends with 1 or 2 after an error and with 0 else, never by a signal.
"""
import pathlib
import re
import subprocess
import sys
import tempfile


def main():
    generator, source = sys.argv[1], pathlib.Path(sys.argv[2])
    model = [] if source.stem == "two_models" else ["--model", source.stem]
    lines = source.read_text().splitlines()
    kind, _, text = lines[0].removeprefix("// ").partition(": ")
    here = [number for number, line in enumerate(lines, 1) if line.endswith("// <- here")]
    with tempfile.TemporaryDirectory() as folder:
        how = ["--target", "x86-64-v3"] if kind == "refused" else ["--emit-only"]
        run = subprocess.run([generator, *how, "-o", folder, *model], capture_output=True, text=True, timeout=120)
    kind = "error" if kind == "refused" else kind
    said = re.findall(r"^(?:(\S+?):(\d+): (error|warning): )?(.*)$", run.stderr, re.M)
    said = [(file, int(line), severity, words) for file, line, severity, words in said if severity] or \
           [("", 0, "error", words) for *_, words in said if words]
    wanted_codes = (1, 2) if kind == "error" else (0,)
    problem = None
    if run.returncode not in wanted_codes:
        problem = f"ends with {run.returncode}, want one of {wanted_codes}"
    elif kind == "nothing":
        problem = "says something" if run.stderr else None
    elif len(said) != 1:
        problem = f"says {len(said)} things, want 1"
    elif said[0][2] != kind or not said[0][3].startswith(text):
        problem = f"want {kind}: {text}"
    elif here and (pathlib.Path(said[0][0]).name, said[0][1]) != (source.name, here[0]):
        problem = f"names {said[0][0]}:{said[0][1]}, want line {here[0]}"
    if problem:
        sys.exit(f"{source}: {problem}\n{run.stderr}")


if __name__ == "__main__":
    main()
