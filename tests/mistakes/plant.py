"""Plants mistakes in copies of sources: wrong rewrites and kernels, each behind a switch `mistake("name")`.

Usage: plant.py <source tree> <edits.txt> <folder of the copies>

edits.txt: `== file` begins the edits of a file; an edit is the lines that go, `- ...`, then those that come, `+ ...`. The lines
that go must stand in the file exactly once; indentation does not count.
"""
import pathlib
import re
import sys

NAME = re.compile(r'\bmistake\(\s*"([a-z0-9_.]+)"')


def read_edits(path):
    """{file: [(lines that go, lines that come)]}"""
    edits, file = {}, None
    for number, line in enumerate(path.read_text().splitlines(), 1):
        if line.startswith("== "):
            file = line[3:]
            edits[file] = []
        elif line.startswith("- "):
            if not edits[file] or edits[file][-1][1]:
                edits[file].append(([], []))
            edits[file][-1][0].append(line[2:])
        elif line.startswith("+ "):
            edits[file][-1][1].append(line[2:])
        elif line.strip():
            sys.exit(f"{path}:{number}: neither a file nor a line that goes or comes: {line}")
    return edits


def names_of(edits):
    """The file of every mistake, and names that stand twice."""
    files, twice = {}, []
    for file, pairs in edits.items():
        for name in NAME.findall("\n".join(line for _, come in pairs for line in come)):
            (twice.append(name) if name in files else files.update({name: file}))
    return files, twice


def indentation(line):
    return len(line) - len(line.lstrip())


def planted(text, pairs, file):
    """The text with all edits made."""
    lines = text.splitlines()
    for go, come in pairs:
        wanted, stripped = [line.strip() for line in go], [line.strip() for line in lines]
        places = [i for i in range(len(lines)) if stripped[i:i + len(wanted)] == wanted]
        if len(places) != 1:
            sys.exit("\n".join([f"{file}: these lines stand there {len(places)} times, not once; say in tests/mistakes/edits.txt what they are now:", *go]))
        deeper = " " * (indentation(lines[places[0]]) - indentation(go[0]))
        lines[places[0]:places[0] + len(wanted)] = [deeper + line for line in come]
    return "\n".join(['#include "mistake.h"', *lines, ""])


def main():
    root, edits, copies = map(pathlib.Path, sys.argv[1:])
    for file, pairs in read_edits(edits).items():
        copy = copies / file
        text = planted((root / file).read_text(), pairs, file)
        copy.parent.mkdir(parents=True, exist_ok=True)
        if not copy.exists() or copy.read_text() != text:
            copy.write_text(text)


if __name__ == "__main__":
    main()
