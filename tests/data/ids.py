"""The program that makes ids as a user meets it: the ids keep what they must, it can be stopped and resumed without a
trace, and it says what is wrong with its data.

    ids.py PROGRAM
"""
import pathlib
import re
import signal
import sys
import tempfile
import time

from program import check, run, start, status

PROGRAM = sys.argv[1]
OUTPUTS = ["weights.safetensors", "ids.csv", "loss.png", "user_codes.png", "item_codes.png"]


def figures(text):
    """The numbers of the last line by name, or none."""
    names = ["recall10", "recall10_unquantized", "perplexity", "collisions"]
    found = re.fullmatch("ids: " + " ".join(rf"{name}=(\d+\.\d+)" for name in names) + r" examples_per_second=\d+ train_seconds=\d+\.\d",
                         text.splitlines()[-1])
    return dict(zip(names, map(float, found.groups()))) if found else {}


def stop(output, pause):
    """Ctrl-C after `pause` seconds: what the program says, or None if it was not training then."""
    process = start(PROGRAM, "--output", output, "--seed", "3")
    time.sleep(pause)
    process.send_signal(signal.SIGINT)
    text = process.communicate()[0]
    return text if process.returncode == 130 else None


def main():
    with tempfile.TemporaryDirectory() as name:
        root = pathlib.Path(name)
        whole, parts, data = root / "whole", root / "parts", root / "ratings"

        begin = time.monotonic()
        code, text = run(PROGRAM, "--output", whole, "--seed", "3")
        seconds = time.monotonic() - begin
        print(text)
        got = figures(text)
        check(code == 0 and got, "trains, and ends with its figures")
        check(got and got["recall10_unquantized"] > 0.4, "the embeddings know the clusters: 0.02 is chance")
        check(got and got["recall10"] >= 0.7 * got["recall10_unquantized"], "the ids know 0.7 of what the embeddings know")
        check(got and got["perplexity"] > 30, "the codebooks of 64 are in use")
        check(got and got["collisions"] < 0.2, "most ids are unique")
        shares = [float(share) for share in re.findall(r"the cluster of (\S+) % of the (?:users|items)", text)]
        check(len(shares) == 2 and min(shares) > 90, "first codes are clusters")
        rows = (whole / "ids.csv").read_text().splitlines()
        check(rows[0] == "kind,id,code0,code1,code2" and len(rows) > 1500 and
              all(re.fullmatch(r"(user|item),\d+(,\d+){3}", row) for row in rows[1:]), "lists the ids")
        for file in OUTPUTS:
            check((whole / file).stat().st_size > 500, f"writes {file}")
        check(not (whole / "checkpoint.safetensors").exists(), "a finished training leaves no checkpoint")

        stops = [said for said in (stop(parts, 0.25 * seconds) for _ in range(3)) if said is not None]
        check(stops and all("the same command goes on from here" in said for said in stops),
              f"was stopped by SIGINT {len(stops)} times, and says how to go on")
        code, text = run(PROGRAM, "--output", parts, "--seed", "3")
        check(code == 0 and figures(text) == got, "interrupted training has the same figures")
        for file in OUTPUTS:
            check((parts / file).read_bytes() == (whole / file).read_bytes(), f"interrupted training has the same {file}")

        header = "userId,movieId,rating,timestamp\n"
        for what, content, words in [
                ("a broken line", header + "1,2,4.5,3\n1,2,best,3\n", ":3: rating is \"best\", want a decimal number"),
                ("too little", header + "1,2,4.5,3\n", "no user has five ratings of 4 and more"),
                ("too many items", header + "".join(f"1,{item},4,{item}\n" for item in range(10241)),
                 "10241 items, but the compiled model has room for 10240")]:
            data.write_text(content)
            code, text = run(PROGRAM, "--output", root / "o", "--data", data)
            check(code == 1 and f"ids: error: {data}" in text and words in text, f"{what} is said")
        data.write_text("".join(f"{user}\t{item}\t{1 + 4 * (user % 3 == item % 3)}\t{item}\n"
                                for user in range(1, 40) for item in range(1, 31)))
        code, text = run(PROGRAM, "--output", root / "o", "--data", data, "--steps", "3310")
        check(code == 0 and figures(text), "u.data of few users and items trains")
        code, text = run(PROGRAM, "--output", "/proc/nowhere")
        check(code == 1 and "/proc/nowhere" in text, "an output folder that cannot be is said")
    return status()


if __name__ == "__main__":
    sys.exit(main())
