"""A program that trains on images, as a user meets it: it trains, shows what it announces, goes on where it was.

    demo.py PROGRAM [FIRST]     FIRST is the program whose weights PROGRAM reads
"""
import gzip
import pathlib
import re
import struct
import sys
import tempfile

from program import check, status, train

DATA = pathlib.Path("/usr/share/datasets/fashion-mnist")
STEPS = 4


def shorten(part, count, folder):
    """The first `count` images and labels, gzipped again."""
    for kind, axes, size in (("images-idx3", 3, 784), ("labels-idx1", 1, 1)):
        name = f"{part}-{kind}-ubyte.gz"
        with gzip.open(DATA / name) as file:
            file.read(8)
            content = struct.pack(">II", 0x800 + axes, count) + file.read(4 * (axes - 1) + count * size)
        with gzip.open(folder / name, "wb") as file:
            file.write(content)


def figures(program, text):
    """The last line without the times."""
    found = re.fullmatch(re.escape(pathlib.Path(program).name) + r": ((?:\w+=-?\d+(?:\.\d+)? )+)images_per_second=\d+ train_seconds=\d+\.\d",
                         text.splitlines()[-1])
    return found and found[1]


def main():
    program, *first = sys.argv[1:]
    with tempfile.TemporaryDirectory() as name:
        root = pathlib.Path(name)
        data = root / "data"
        data.mkdir()
        shorten("train", 200, data)  # several epochs where a step takes 64
        shorten("t10k", 150, data)   # no multiple of the inference batch
        options = []
        if first:
            code, text = train(first[0], data, root / "first", "--steps", "2")
            check(code == 0, "what it stands on is trained")
            code, text = train(program, data, root / "o", "--steps", "1", "--scores", root / "nowhere")
            check(code == 1 and "nowhere/weights.safetensors" in text and "./dev demo" in text, "missing weights are said, with the cure")
            options = ["--scores", root / "first"]

        code, text = train(program, data, root / "whole", "--steps", str(STEPS), *options)
        print(text)
        check(code == 0 and figures(program, text), "trains, and ends with its figures")
        wrote = re.search(r": wrote (.*) to ", text)
        files = re.split(", | and ", wrote[1]) if wrote else []
        check("weights.safetensors" in files and sum(file.endswith(".png") for file in files) >= 2, f"shows {', '.join(files)}")
        for file in files:
            content = (root / "whole" / file).read_bytes()
            check(len(content) > 500 and (content[:8] == b"\x89PNG\r\n\x1a\n") == file.endswith(".png"), f"writes {file}")
        check({path.name for path in (root / "whole").iterdir()} == {*files, "lock", "checkpoint.safetensors"}, "and nothing else")

        code, again = train(program, data, root / "parts", "--steps", "2", *options)
        check(code == 0, "stops where it is told")
        code, again = train(program, data, root / "parts", "--steps", str(STEPS), "--threads", "3", *options)
        check(code == 0 and "going on after step 2" in again and figures(program, again) == figures(program, text),
              "in parts, with any threads, it comes to the same figures")
        for file in files:
            check((root / "parts" / file).read_bytes() == (root / "whole" / file).read_bytes(), f"and the same {file}")

        code, again = train(program, data, root / "whole", "--steps", str(STEPS), "--seed", "5", *options)
        check(code == 1 and "seed is 0 there, 5 here; --fresh" in again, "another seed overwrites nothing")
        code, again = train(program, data, root / "whole", "--steps", str(STEPS), "--seed", "5", "--fresh", *options)
        check(code == 0 and figures(program, again) != figures(program, text), "another seed is another training")
        code, text = train(program, root / "absent", root / "o", *options)
        check(code == 1 and "train-images-idx3-ubyte.gz" in text and "dataset-fashion-mnist" in text, "missing data is said, with the package")
    return status()


if __name__ == "__main__":
    sys.exit(main())
