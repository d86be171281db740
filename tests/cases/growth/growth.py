"""Compile time is linear: the instructions that kerf-compile takes for 250 and for 500 ops of every family of programs, and
kerf-run's oracle of some. Twice the ops may take at most 2.3 times the instructions.

Usage: growth.py <kerf-compile> <kerf-run> <scratch folder> [--part I/K] [--only FAMILY ...]
"""
import argparse
import pathlib
import re
import shutil
import subprocess
import sys

sys.dont_write_bytecode = True
import programs  # noqa: E402

LIMIT = 2.3


def instructions(command, log):
    """Of all its processes, as valgrind counts them: the same for every run."""
    run = subprocess.run(
        ["valgrind", "--tool=exp-bbv", "--instr-count-only=yes", "--trace-children=yes", "--bb-out-file=/dev/null",
         "--pc-out-file=/dev/null", f"--log-file={log}.%p", *map(str, command)],
        stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=600)
    logs = list(log.parent.glob(log.name + ".*"))
    text = "".join(path.read_text() for path in logs)
    for path in logs:
        path.unlink()
    if run.returncode:
        sys.exit(f"{' '.join(map(str, command))}\nended with {run.returncode}: {run.stdout}{run.stderr}")
    return sum(map(int, re.findall(r"Total instructions: (\d+)", text)))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("compile", type=pathlib.Path)
    parser.add_argument("run", type=pathlib.Path)
    parser.add_argument("scratch", type=pathlib.Path)
    parser.add_argument("--part", default="0/1", help="every K-th family from the I-th on")
    parser.add_argument("--only", nargs="*", help="these families")
    arguments = parser.parse_args()
    first, step = map(int, arguments.part.split("/"))
    families = programs.FAMILIES[first::step]
    if arguments.only:
        families = [f for f in programs.FAMILIES if f.__name__ in arguments.only]

    shutil.rmtree(arguments.scratch, ignore_errors=True)
    arguments.scratch.mkdir(parents=True)
    tools = {}
    for name, tool in ("compile", arguments.compile), ("oracle", arguments.run):
        tools[name] = arguments.scratch / tool.name
        subprocess.run(["strip", "-o", tools[name], tool], check=True)  # valgrind reads no new debug information

    grown, number = [], 0
    for family in families:
        counted = {"compile": ["-o", arguments.scratch]} | ({"oracle": []} if family in programs.ORACLE else {})
        for name, options in counted.items():
            counts = []
            for n in 250, 500:
                source = arguments.scratch / f"{family.__name__}{n}.mlir"
                source.write_text(family(n))
                counts.append(instructions([tools[name], source, *options], arguments.scratch / "log"))
            (small, large), number = counts, number + 1
            ratio = large / small
            print(f"{family.__name__} {name}: {small / 1e6:.0f} and {large / 1e6:.0f} million instructions, {ratio:.2f} times", flush=True)
            if ratio > LIMIT:
                grown.append(f"{family.__name__} ({name})")
    print(f"growth: {number} counts, at most {LIMIT} times for twice the ops"
          + (f", but not {', '.join(grown)}" if grown else ""))
    sys.exit(1 if grown or not families else 0)


if __name__ == "__main__":
    main()
