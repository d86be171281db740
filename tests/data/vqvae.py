"""The demo's program, or a variant of it, as a user meets it: it trains, goes on where it was, and says what is wrong.

    vqvae.py PROGRAM
"""
import pathlib
import re
import sys
import tempfile
import time

from demo import shorten
from program import check, start, status, train

PROGRAM = sys.argv[1]
STEPS = 105  # past the codebook's initialisation at 100
OUTPUTS = ["weights.safetensors", "reconstructions.png", "loss.png", "codebook.png"]


def figures(text):
    """test_mse and perplexity of the last line."""
    found = re.fullmatch(pathlib.Path(PROGRAM).name + r": (test_mse=\d+\.\d+ perplexity=\d+\.\d+) images_per_second=\d+(\.\d+)? "
                         r"train_seconds=\d+(\.\d+)?", text.splitlines()[-1])
    return found and found[1]


def main():
    with tempfile.TemporaryDirectory() as name:
        root = pathlib.Path(name)
        data, whole = root / "data", root / "whole"
        data.mkdir()
        shorten("train", 640, data)  # fewer than the steps read: several epochs
        shorten("t10k", 150, data)   # no multiple of the inference batch

        code, text = train(PROGRAM, data, whole, "--steps", str(STEPS))
        print(text)
        check(code == 0 and figures(text), "trains, and ends with its figures")
        for file in OUTPUTS:
            check((whole / file).stat().st_size > 500, f"writes {file}")
        check((whole / "loss.png").read_bytes()[:8] == b"\x89PNG\r\n\x1a\n", "a PNG is a PNG")
        code, again = train(PROGRAM, data, whole, "--steps", str(STEPS))
        check(code == 0 and "going on after step 105" in again and figures(again) == figures(text), "goes on from the last step")
        check(re.search(r", threads [1-9]\d*$", text, re.M), "says how many threads it has")
        code, again = train(PROGRAM, data, root / "twin", "--steps", str(STEPS), "--threads", "3")
        check(", threads 3\n" in again and figures(again) == figures(text), "the same seed gives the same figures with any threads")
        weights = [(folder / "weights.safetensors").read_bytes() for folder in (whole, root / "twin")]
        check(weights[0] == weights[1], "and the same weights")

        code, text = train(PROGRAM, data, whole, "--steps", "1", "--seed", "5")
        check(code == 1 and "seed is 0 there, 5 here; --fresh" in text, "another seed overwrites nothing")
        code, text = train(PROGRAM, data, whole, "--steps", "1", "--seed", "5", "--fresh")
        check(code == 0, "another seed begins anew with --fresh")
        first = start(PROGRAM, "--data", data, "--output", root / "busy", "--steps", str(STEPS))
        time.sleep(0.5)
        code, text = train(PROGRAM, data, root / "busy")
        check(code == 1 and "another run is at work there" in text, "two runs do not share a folder")
        first.kill()
        first.communicate()
        code, text = train(PROGRAM, data, root / "busy", "--steps", "1")
        check(code == 0, "a killed run is in nobody's way")

        checkpoint = root / "busy" / "checkpoint.safetensors"
        checkpoint.write_bytes(checkpoint.read_bytes()[:-1])
        code, text = train(PROGRAM, data, root / "busy", "--steps", "2")
        check(code == 1 and "(truncated)" in text and "--fresh" in text, "a broken checkpoint is an error with a cure")
        code, text = train(PROGRAM, data, root / "busy", "--steps", "2", "--fresh")
        check(code == 0, "--fresh begins anew")
        code, text = train(PROGRAM, root / "absent", root / "o")
        check(code == 1 and "train-images-idx3-ubyte.gz" in text and "dataset-fashion-mnist" in text, "missing data is said, with the package")
        code, text = train(PROGRAM, data, "/proc/nowhere")
        check(code == 1 and "/proc/nowhere" in text, "an output folder that cannot be is said")
        code, text = train(PROGRAM, data, root / "o", "--steps", "1876")
        check(code != 0 and "1875" in text, "more steps than the schedule has are refused")
        for threads in ("0", "-1", "1025", "two"):
            code, text = train(PROGRAM, data, root / "o", "--threads", threads)
            check(code != 0 and "--threads: " in text and "1 to 1024" in text, f"--threads {threads} is refused")
    return status()


if __name__ == "__main__":
    sys.exit(main())
