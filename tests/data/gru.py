"""The program that writes what words mean as a user meets it: it trains, shows what it announces, goes on where it was, and
says what is wrong with its data and its words.

    gru.py PROGRAM
"""
import pathlib
import re
import sys
import tempfile

from program import check, status, train

PROGRAM = sys.argv[1]
WORDNET = pathlib.Path("/usr/share/wordnet")
FILES = ["weights.safetensors", "samples.txt", "surprise.png", "loss.png"]


def figures(text):
    found = re.fullmatch(r"gru: (test_bits_per_character=\d\.\d{4}) characters_per_second=\d+ train_seconds=\d+\.\d", text.splitlines()[-1])
    return found and found[1]


def main():
    with tempfile.TemporaryDirectory() as name:
        root = pathlib.Path(name)
        data, whole, parts = root / "data", root / "whole", root / "parts"
        data.mkdir()
        for kind in ("noun", "verb", "adj", "adv"):
            lines = (WORDNET / f"data.{kind}").read_text().splitlines(keepends=True)
            (data / f"data.{kind}").write_text("".join(lines[:400]))

        code, text = train(PROGRAM, data, whole, "--steps", "4", "--words", "kerf,a long word")
        print(text)
        check(code == 0 and figures(text), "trains, and ends with its figures")
        wrote = re.search(r": wrote (.*) to ", text)
        check(wrote and re.split(", | and ", wrote[1]) == FILES, f"shows {', '.join(FILES)}")
        check({path.name for path in whole.iterdir()} == {*FILES, "lock", "checkpoint.safetensors"}, "and nothing else")
        samples = (whole / "samples.txt").read_text()
        lines = samples.splitlines()
        check(lines[0].startswith("kerf: ") and lines[1].startswith("a long word: "), "a line for each word")
        check(len([line for line in lines if line.startswith("    ")]) == 24 and "    entity: that which is perceived" in samples,
              "and WordNet's own of the test set")

        code, again = train(PROGRAM, data, parts, "--steps", "2", "--words", "kerf,a long word")
        code, again = train(PROGRAM, data, parts, "--steps", "4", "--words", "kerf,a long word", "--threads", "3")
        check(code == 0 and "going on after step 2" in again and figures(again) == figures(text), "in parts, with any threads, the same figures")
        for file in FILES:
            check((parts / file).read_bytes() == (whole / file).read_bytes(), f"and the same {file}")

        code, hot = train(PROGRAM, data, whole, "--steps", "4", "--words", "kerf", "--temperature", "2")
        check(code == 0 and (whole / "samples.txt").read_text() != samples, "what is trained writes again, at another temperature")
        code, text = train(PROGRAM, data, root / "o", "--words", "kerf", "--temperature", "nan")
        check(code != 0 and "nan is not in [0, 10]" in text, "a temperature is a number")
        code, text = train(PROGRAM, data, root / "o", "--words", "naïve")
        check(code != 0 and "printable ASCII" in text, "a word that it cannot spell is said")
        code, text = train(PROGRAM, data, root / "o", "--words", "x" * 81)
        check(code != 0 and "1 to 80 characters, not 81" in text, "a word that is too long is said")
        code, text = train(PROGRAM, root / "absent", root / "o")
        check(code == 1 and "data.noun" in text and "wordnet-base" in text, "missing data is said, with the package")
        (data / "data.verb").write_text("nothing\n")
        code, text = train(PROGRAM, data, root / "o")
        check(code == 1 and "data.verb:1: no word in \"nothing\"" in text, "a broken file is said, with the line")
    return status()


if __name__ == "__main__":
    sys.exit(main())
