"""plant.py refuses slips in edits.txt, and mistakes.py names that are not there, with the words and the line.

Usage: slips.py
"""
import pathlib
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).parent
SOURCES = {"a.cpp": "int a() {\n  return 1;\n}\n", "b.cpp": "int b;\nint b;\n", "a.h": "int a();\n"}
EDIT = '- return 1;\n+ return mistake("a.two") ? 2 : 1;\n'
SOUND = f"== a.cpp\nby tests/ops/a.mlir\n{EDIT}"
PLANTED = '#include "mistake.h"\nint a() {\n  return mistake("a.two") ? 2 : 1;\n}\n'


def other(come, go="int b;"):
    """A sound file, and at line 6 an edit of another."""
    return f"{SOUND}== b.cpp\nby fusion\n- {go}\n{come}"


# What edits.txt says; the line that is to be named, none where copies are what is wrong; what is to be said.
SLIPS = [
    (f"{SOUND}\n{SOUND}", 6, "a.cpp has edits from line 1 on"),
    (f"== c.cpp\nby fusion\n{EDIT}", 1, "there is no file 'c.cpp'"),
    (f"== ./a.cpp\nby fusion\n{EDIT}", 1, "there is no file './a.cpp'"),
    (f"== ../tree/a.cpp\nby fusion\n{EDIT}", 1, "there is no file '../tree/a.cpp'"),
    ("== \n", 1, "there is no file ''"),
    (f"== a.h\nby fusion\n{EDIT}", 1, "a.h is no .cpp file"),
    (f"{SOUND}== b.cpp\nby fusion\n", 5, "b.cpp has no edit"),
    (EDIT, 1, "say first which file"),
    (f"by fusion\n{SOUND}", 1, "say first which file"),
    (f"some words\n{SOUND}", 1, "say first which file"),
    (f"== a.cpp\n{EDIT}", 2, "say what notices the mistake"),
    (f"== a.cpp\nby\n{EDIT}", 2, "say what notices the mistake"),
    (f"== a.cpp\nby  \n{EDIT}", 2, "say what notices the mistake"),
    ('== a.cpp\nby fusion\n+ if (mistake("b"))', 3, "say first which lines go"),
    (f'{SOUND}by fusion\n+ if (mistake("b"))', 6, "say first which lines go"),
    (f"{SOUND}> return 2;", 5, "no file, no check, and no line that goes or comes: > return 2;"),
    (other("+ int c;"), 7, "the edit has no switch"),
    (other("+ int remistake(1);"), 7, "the edit has no switch"),
    (other(""), 7, "the edit has no switch"),
    (other('+ mistake("B")'), 7, 'mistake("B"): the name of a mistake is a literal'),
    (other('+ mistake("a-b")'), 7, 'mistake("a-b"): the name of a mistake is a literal'),
    (other('+ mistake("")'), 7, 'mistake(""): the name of a mistake is a literal'),
    (other("+ mistake(name)"), 7, "mistake(name): the name of a mistake is a literal"),
    (other('+ mistake("b" + c)'), 7, 'mistake("b" + c): the name of a mistake is a literal'),
    (other('+ mistake("b") || mistake(c)'), 7, "mistake(c): the name of a mistake is a literal"),
    (other('+ mistake("a.two")'), 7, "a.two is planted at line 3 already"),
    (other('+ mistake("b")'), None, "b.cpp: these lines stand there 2 times, not once"),
    (other('+ mistake("b")', go="int d;"), None, "b.cpp: these lines stand there 0 times, not once"),
]


def run(*command):
    return subprocess.run([sys.executable, *map(str, command)], capture_output=True, text=True, timeout=60)


def surprises(folder):
    root, edits, copies = folder / "tree", folder / "edits.txt", folder / "copies"
    root.mkdir()
    for file, text in SOURCES.items():
        (root / file).write_text(text)

    edits.write_text(SOUND)
    done = run(HERE / "plant.py", root, edits)
    if done.returncode or done.stdout != "a.cpp\n" or copies.exists():
        yield f"files of a sound one:\n{done.stdout}{done.stderr}"
    done = run(HERE / "plant.py", root, edits, copies)
    if done.returncode or [path.name for path in copies.iterdir()] != ["a.cpp"] or (copies / "a.cpp").read_text() != PLANTED:
        yield f"copies of a sound one:\n{done.stdout}{done.stderr}"

    for text, line, words in SLIPS:
        edits.write_text(text)
        wanted = words if line is None else f"{edits}:{line}: {words}"
        for places in [[], [copies]] if line else [[copies]]:
            done = run(HERE / "plant.py", root, edits, *places)
            if done.returncode != 1 or not done.stderr.startswith(wanted):
                yield f"{text}\n  want {wanted}\n  got {done.stderr or 'nothing'}"

    for names, words in ((["nosuch"], "edits.txt plants no mistake nosuch"), ([], "--only: expected at least one argument")):
        done = run(HERE / "mistakes.py", folder / "no_build", "no_lit", "--only", *names)
        if done.returncode != 2 or words not in done.stderr:
            yield f"mistakes.py --only {names}\n  want {words}\n  got {done.stderr or 'nothing'}"


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as temporary:
        found = list(surprises(pathlib.Path(temporary)))
    print("\n".join(found))
    sys.exit(bool(found))
