"""Compiles programs that must not compile: wrong.py COMPILER [FLAGS...] -- FILES...

Each file begins with `// error: <text>`. The compiler must fail, the text must stand on the first line with
`error:`, and no other line may have one: one mistake, one message. Where the compiler has a word of its own after that,
`// then: <text>` on the second line says what the second `error:` is. The first line of the file that the message
points to must be that of the mistake: the one that ends in `// <- here`, or one from the function `wrong` on. Of the
entry table g++ shows that line first of all; clang shows it below the assertion.
"""
import concurrent.futures
import pathlib
import re
import subprocess
import sys
import tempfile


def precompiled(compiler, flags, folder, names):
    """The flags with these headers compiled once, as far as programs begin with them."""
    for name in names:
        header = next(folder for flag in flags if flag.startswith("-I") for folder in [pathlib.Path(flag[2:])]
                      if (folder / name).exists()) / name
        made = pathlib.Path(folder) / f"{name}.gch"
        made.parent.mkdir(parents=True, exist_ok=True)
        run = subprocess.run([compiler, "-std=c++20", *flags, "-x", "c++-header", str(header), "-o", str(made)],
                             capture_output=True, text=True)
        if run.returncode:
            sys.exit(run.stderr)
    if "clang" not in compiler:  # which looks for <name>.gch where it looks for <name>
        return {name: [f"-I{folder}"] for name in names}
    return {name: ["-include-pch", f"{folder}/{name}.gch"] for name in names}


def header_of(path):
    """The first header that a program includes."""
    return re.search(r"#include [<\"](.*)[>\"]", path.read_text())[1]


def check(compiler, flags, path):
    """What is wrong with the compiler's answer, or None."""
    lines = path.read_text().splitlines()
    text = lines[0].removeprefix("// error: ")
    run = subprocess.run([compiler, "-std=c++20", "-fsyntax-only", *flags, str(path)], capture_output=True, text=True)
    errors = [line.replace("\\'", "'") for line in run.stderr.splitlines() if "error: " in line]
    if run.returncode == 0:
        return "compiles, but should not"
    if not errors or text not in errors[0]:
        return f"want on the first error line: {text}\n    got: {errors[0] if errors else run.stderr}"
    then = lines[1].removeprefix("// then: ")
    if len(errors) == 2 and then != lines[1] and then in errors[1]:
        errors.pop()
    if len(errors) > 1:
        return "more than one error:\n    " + "\n    ".join(errors)
    shown = re.search(re.escape(str(path)) + r":(\d+):\d+:", run.stderr)
    here = [number for number, line in enumerate(lines, 1) if line.endswith("// <- here")]
    wrong = [number for number, line in enumerate(lines, 1) if "wrong" in line]
    if not shown or not (int(shown[1]) in here if here else int(shown[1]) >= wrong[0]):
        return f"points first to line {shown[1] if shown else None} of the file"
    if path.stem.startswith(("entry_", "roles")) and "clang" not in compiler and not errors[0].startswith(f"{path}:"):
        return f"g++ should point at the call itself, not to {errors[0]}"
    return None


def main():
    split = sys.argv.index("--")
    compiler, flags, files = sys.argv[1], sys.argv[2:split], sorted(map(pathlib.Path, sys.argv[split + 1:]))
    with tempfile.TemporaryDirectory() as folder, concurrent.futures.ThreadPoolExecutor(2) as pool:
        first = precompiled(compiler, flags, folder, sorted(set(map(header_of, files))))
        answers = list(pool.map(lambda path: check(compiler, first[header_of(path)] + flags, path), files))
    for path, answer in zip(files, answers):
        if answer:
            print(f"{path}: {answer}")
    print(f"{compiler}: {answers.count(None)} of {len(files)} programs fail as they should")
    sys.exit(0 if len(files) >= 100 and not any(answers) else 1)


if __name__ == "__main__":
    main()
