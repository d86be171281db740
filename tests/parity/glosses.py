"""WordNet's glosses as models/data/glosses.h has them."""
import numpy as np

FOLDER = "/usr/share/wordnet"
TOKENS, HELD_OUT = 96, 50  # every 50th line is for tests


def lines(part):
    """`part` is "train", "test" or "all"."""
    found = []
    for kind in ("noun", "verb", "adj", "adv"):
        for line in open(f"{FOLDER}/data.{kind}", encoding="ascii"):
            if not line.startswith("  "):
                word = line.split()[4].split("(")[0].replace("_", " ")
                found.append(f"{word}: " + line.split(" | ", 1)[1].split('; "', 1)[0].strip(" \n"))
    found = [line for line in found if not line.endswith(": ")]
    if part == "all":
        return found
    return found[::HELD_OUT] if part == "test" else [line for i, line in enumerate(found) if i % HELD_OUT]


class Text:
    """Lines one behind another, each between two ends."""

    def __init__(self, lines):
        text = "".join("\n" + line for line in lines).encode()
        self.tokens = np.array([c - 32 if c != 10 else TOKENS - 1 for c in text], np.int64)
        self.starts = np.flatnonzero(self.tokens == TOKENS - 1)
        self.lines = len(self.starts)

    def window(self, place, length):
        return self.tokens[(place + np.arange(length)) % len(self.tokens)]
