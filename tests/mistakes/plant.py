"""Plants mistakes in copies of sources: wrong rewrites and kernels, each behind a switch `mistake("name")`.

Usage: plant.py <source tree> <edits.txt> <folder of the copies>

edits.txt: `== file` begins the edits of a file; `by check` lines say what notices the mistakes of the edits behind them; an edit
is the lines that go, `- ...`, then those that come, `+ ...`. The lines that go must stand in the file exactly once; indentation
does not count.
"""
import itertools
import pathlib
import re
import sys

NAME = re.compile(r'\bmistake\(\s*"([a-z0-9_.]+)"')


class Edit:
    def __init__(self, file, checks):
        self.file, self.checks, self.go, self.come = file, checks, [], []


def read_edits(path):
    edits, file, checks, before = [], None, [], None
    for number, line in enumerate(path.read_text().splitlines(), 1):
        kind, _, text = line.partition(" ")
        if kind == "==":
            file, checks = text, []
        elif kind == "by":
            checks = [*checks, text] if before == "by" else [text]
        elif kind == "-":
            if before != "-":
                edits.append(Edit(file, checks))
            if not checks:
                sys.exit(f"{path}:{number}: say what notices the mistake, as `by tests/ops/<op>.mlir`")
            edits[-1].go.append(text)
        elif kind == "+":
            edits[-1].come.append(text)
        elif line.strip():
            sys.exit(f"{path}:{number}: no file, no check, and no line that goes or comes: {line}")
        before = kind
    return edits


def names_of(edits):
    """The edit of every mistake, and names that stand twice."""
    found, twice = {}, []
    for edit in edits:
        for name in NAME.findall("\n".join(edit.come)):
            (twice.append(name) if name in found else found.update({name: edit}))
    return found, twice


def indentation(line):
    return len(line) - len(line.lstrip())


def planted(text, edits):
    """The text with all edits made."""
    lines = text.splitlines()
    for edit in edits:
        wanted, stripped = [line.strip() for line in edit.go], [line.strip() for line in lines]
        places = [i for i in range(len(lines)) if stripped[i:i + len(wanted)] == wanted]
        if len(places) != 1:
            sys.exit("\n".join([f"{edit.file}: these lines stand there {len(places)} times, not once; say in tests/mistakes/edits.txt what they are now:", *edit.go]))
        deeper = " " * (indentation(lines[places[0]]) - indentation(edit.go[0]))
        lines[places[0]:places[0] + len(wanted)] = [deeper + line for line in edit.come]
    return "\n".join(['#include "mistake.h"', *lines, ""])


def main():
    root, edits, copies = map(pathlib.Path, sys.argv[1:])
    for file, group in itertools.groupby(read_edits(edits), lambda edit: edit.file):
        copy = copies / file
        text = planted((root / file).read_text(), group)
        copy.parent.mkdir(parents=True, exist_ok=True)
        if not copy.exists() or copy.read_text() != text:
            copy.write_text(text)


if __name__ == "__main__":
    main()
