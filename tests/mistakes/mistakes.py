"""Wrong rewrites and kernels that the tests must notice: every mistake("name") of edits.txt is made by itself, and a check of the
suite has to fail: one that edits.txt says, or else any that it says of another mistake.

Usage: mistakes.py <build tree> <lit> [--only <name> ...] [--all]
  --only  make these mistakes    --all  run every check, to see all that notice a mistake
"""
import argparse
import concurrent.futures
import os
import pathlib
import subprocess
import sys

sys.dont_write_bytecode = True
from plant import read_edits  # noqa: E402

WANTED = 30


class Check:
    """A part of the suite, with the programs that make mistakes in place of its own: `tests/<folder>/<name>.mlir`, by lit;
    `kerf-run <name> <options>`, of a model that tests/models compiles; `<Catch2 program> <the name of a test>`."""

    def __init__(self, name, build, lit):
        self.name = name
        programs = build / "tests/mistakes/bin"
        program, _, words = name.partition(" ")
        if program.endswith(".mlir"):
            command = [lit, "-q", f"--param=programs={programs}", build / "tests/lit" / program.removeprefix("tests/")]
        elif program == "kerf-run":
            model, *options = words.split()
            command = [programs / program, build / f"tests/models/kerf/{model}/{model}.mlir", *options]
        else:
            command = [programs / program, *filter(None, [words.replace(",", "\\,")]), "--abort", "--warn", "NoTests"]
        self.command = [str(word) for word in command]

    def passes(self, mistake):
        environment = dict(os.environ, KERF_MISTAKE=mistake)
        try:
            return subprocess.run(self.command, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                  stderr=subprocess.DEVNULL, timeout=120).returncode == 0
        except subprocess.TimeoutExpired:
            return False


def who_notices(mistake, first, suite, run_all):
    """The checks that fail, of those that should and the others."""
    noticed = []
    for check in sorted(suite, key=lambda check: first.index(check.name) if check.name in first else len(first)):
        if not check.passes(mistake):
            noticed.append(check.name)
            if not run_all:
                break
    return noticed


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("build", type=pathlib.Path)
    parser.add_argument("lit")
    parser.add_argument("--only", nargs="+", default=[])
    parser.add_argument("--all", action="store_true")
    options = parser.parse_args()

    here = pathlib.Path(__file__).parent
    mistakes = {name: edit for edit in read_edits(here / "edits.txt", here.parent.parent) for name in edit.names()}
    unknown = [name for name in options.only if name not in mistakes]
    if unknown:
        parser.error(f"edits.txt plants no mistake {', '.join(unknown)}")
    names = dict.fromkeys(check for edit in mistakes.values() for check in edit.checks)
    suite = [Check(name, options.build, options.lit) for name in names]
    chosen = {name: edit.checks for name, edit in mistakes.items() if not options.only or name in options.only}

    with concurrent.futures.ThreadPoolExecutor(len(os.sched_getaffinity(0))) as pool:
        sound = list(pool.map(lambda check: check.passes(""), suite))
        if not all(sound):
            sys.exit("\n".join(f"{check.name} fails without a mistake" for check, fine in zip(suite, sound) if not fine))
        unnoticed = 0
        for name, by in zip(chosen, pool.map(lambda name: who_notices(name, chosen[name], suite, options.all), chosen)):
            surprise = "" if set(by) & set(chosen[name]) else "  (another than edits.txt says)"
            print(f"{name:<40} {', '.join(by) or 'UNNOTICED'}{surprise}", flush=True)
            unnoticed += not by
    print(f"\n{len(chosen) - unnoticed} of {len(chosen)} planted mistakes are noticed")
    if not options.only and len(mistakes) < WANTED:
        sys.exit(f"there are to be at least {WANTED}")
    sys.exit(unnoticed > 0)


if __name__ == "__main__":
    main()
