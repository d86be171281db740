"""The program of the examples for a pencil: it prints tables, all exact.

    by_hand.py PROGRAM
"""
import pathlib
import re
import sys

from program import check, run, status



def main():
    code, text = run(sys.argv[1])
    lines = text.splitlines()
    last = re.fullmatch(re.escape(pathlib.Path(sys.argv[1]).name) + r": examples=5 numbers=(\d+) exact=(\d+) distance=(\S+)", lines[-1])
    check(code == 0 and last, "ends with its figures")
    check(last and last[1] == last[2] and int(last[1]) > 500 and float(last[3]) < 1e-6, "all numbers are exact")
    check(sum(re.match(r"\d\. ", line) is not None for line in lines) == 5, "there are five examples")
    check(re.search(r"^  Y - Y_D +1/2 +1/4 +-1/4 +-1/2$", text, re.M), "shares are fractions")
    check(re.search(r"^  2 \(Y - Y'\) +2 +2 +0 +0\n +6 +2 +-6 +-2$", text, re.M), "tables have rows")
    code, text = run(sys.argv[1], "--help")
    check(code == 0 and "pencil" in text, "says what it is")
    code, text = run(sys.argv[1], "--steps")
    check(code != 0, "slips are refused")
    return status()


if __name__ == "__main__":
    sys.exit(main())
