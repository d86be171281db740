"""Plants mistakes in copies of sources: wrong rewrites and kernels, each behind a switch `mistake("name")`.

Usage: plant.py <source tree> <edits.txt> [<folder of the copies>]      without a folder it says which files have edits

edits.txt: `== file` begins the edits of a file; `by check` lines say what notices the mistakes of the edits behind them; an edit
is the lines that go, `- ...`, then those that come, `+ ...`, with a switch. The lines that go must stand in the file exactly
once; indentation does not count.
"""
import itertools
import pathlib
import re
import sys

SWITCH = re.compile(r"\bmistake\s*\(\s*([^()]*)")
NAME = re.compile(r'"([a-z0-9_.]+)"\s*')


class Edit:
    def __init__(self, file, checks, line):
        self.file, self.checks, self.line, self.go, self.come = file, checks, line, [], []

    def switches(self):
        """What stands in its mistake(...)."""
        return SWITCH.findall("\n".join(self.come))

    def names(self):
        return [NAME.fullmatch(switch)[1] for switch in self.switches()]


def read_edits(path, root):
    """The edits of files under root; a slip ends the program."""
    edits, file, checks, before, lines, planted_at = [], None, [], None, {}, {}

    def refuse(number, words):
        sys.exit(f"{path}:{number}: {words}")

    for number, line in enumerate(path.read_text().splitlines(), 1):
        kind, _, text = line.partition(" ")
        if kind == "==":
            file, checks = text, []
            if file in lines:
                refuse(number, f"{file} has edits from line {lines[file]} on: add these to them")
            if str(pathlib.PurePosixPath(file)) != file or file.startswith("/") or ".." in file.split("/") or not (root / file).is_file():
                refuse(number, f"there is no file '{file}': say its path from the root, as codegen/cpu/emit.cpp")
            if not file.endswith(".cpp"):
                refuse(number, f"{file} is no .cpp file, and nothing would include a copy of a header: plant the mistake where it is used")
            lines[file] = number
        elif not line.strip():
            pass
        elif file is None:
            refuse(number, "say first which file the edits are of, as `== codegen/cpu/emit.cpp`")
        elif kind == "by":
            if not text.strip():
                refuse(number, "say what notices the mistake, as `by tests/ops/<op>.mlir`")
            checks = [*checks, text] if before == "by" else [text]
        elif kind == "-":
            if not checks:
                refuse(number, "say what notices the mistake, as `by tests/ops/<op>.mlir`")
            if before != "-":
                edits.append(Edit(file, checks, number))
            edits[-1].go.append(text)
        elif kind == "+":
            if before not in ("-", "+"):
                refuse(number, "say first which lines go, `- ...`: those that come stand in their place")
            edits[-1].come.append(text)
        else:
            refuse(number, f"no file, no check, and no line that goes or comes: {line}")
        before = kind

    for file, number in lines.items():
        if not any(edit.file == file for edit in edits):
            refuse(number, f"{file} has no edit")
    for edit in edits:
        if not edit.switches():
            refuse(edit.line, 'the edit has no switch: let what comes ask mistake("name"), and be what goes without it')
        for switch in edit.switches():
            if not NAME.fullmatch(switch):
                refuse(edit.line, f'mistake({switch.strip()}): the name of a mistake is a literal of a-z, 0-9, _ and ., as "argmin.last_wins"')
        for name in edit.names():
            if name in planted_at:
                refuse(edit.line, f"{name} is planted at line {planted_at[name]} already")
            planted_at[name] = edit.line
    return edits


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
    root, path, *copies = map(pathlib.Path, sys.argv[1:])
    for file, group in itertools.groupby(read_edits(path, root), lambda edit: edit.file):
        if not copies:
            print(file)
            continue
        copy = copies[0] / file
        text = planted((root / file).read_text(), group)
        copy.parent.mkdir(parents=True, exist_ok=True)
        if not copy.exists() or copy.read_text() != text:
            copy.write_text(text)


if __name__ == "__main__":
    main()
