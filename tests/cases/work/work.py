"""No work is lost: a training goes on from its own checkpoint only, is stopped by every signal with a checkpoint behind it,
and refuses numbers that cannot be.

    work.py VQVAE IDS EMA RESIDUAL      the demo's program around the narrow model and its variants, the program that makes ids
"""
import json
import math
import os
import pathlib
import signal
import struct
import subprocess
import sys
import tempfile
import time

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).parents[2] / "models"))
from interrupted import write_images  # noqa: E402

VQVAE, IDS, EMA, RESIDUAL = (os.path.abspath(program) for program in sys.argv[1:5])
failures = 0


def check(holds, what, text=""):
    global failures
    print("ok  " if holds else f"FAIL ({text.strip()})", what, flush=True)
    failures += not holds


def start(*command, **streams):
    streams = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, **streams}
    return subprocess.Popen([str(word) for word in command], text=True, **streams)


def run(*command):
    process = start(*command)
    return process.communicate(timeout=300)[0], process.returncode


def read_tensors(path):
    """The header, its tensors by name, the data."""
    content = path.read_bytes()
    size, = struct.unpack_from("<Q", content)
    header = json.loads(content[8:8 + size])
    return header, bytearray(content[8 + size:])


def write_tensors(path, header, data):
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    path.write_bytes(struct.pack("<Q", len(text)) + text + bytes(data))


def place(header, name):
    """The full name and the first byte of the tensor whose name ends so."""
    full, = (key for key in header if key == name or key.endswith("." + name))
    return full, header[full]["data_offsets"][0]


def edited(source, target, edit):
    """A copy of a folder's checkpoint with what `edit(header, data)` makes of it."""
    target.mkdir()
    header, data = read_tensors(source / "checkpoint.safetensors")
    write_tensors(target / "checkpoint.safetensors", header, edit(header, data) or data)
    return (target / "checkpoint.safetensors").read_bytes()


def number(name, form, value):
    def edit(header, data):
        struct.pack_into(form, data, place(header, name)[1], value)
    return edit


def long_curve(header, data):
    """A curve that is a thousand times as long as the training."""
    full, begin = place(header, "curve.loss")
    count = 40_000
    header[full]["shape"] = [count]
    for entry in header.values():  # it goes to the end, so that all others may stay
        assert "data_offsets" not in entry or entry["data_offsets"][0] <= len(data)
    old_end = header[full]["data_offsets"][1]
    moved = data[begin:old_end]
    del data[begin:old_end]
    for key, entry in header.items():
        if "data_offsets" in entry and key != full and entry["data_offsets"][0] >= old_end:
            entry["data_offsets"] = [offset - len(moved) for offset in entry["data_offsets"]]
    header[full]["data_offsets"] = [len(data), len(data) + 4 * count]
    data += bytes(4 * count)


def renamed(old, new):
    def edit(header, data):
        header[new] = header.pop(old)
    return edit


def said(key, text):
    def edit(header, data):
        assert key in header["__metadata__"]
        header["__metadata__"][key] = text
    return edit


def refuses(folder, before, what, words, *command):
    text, code = run(*command, "--output", folder)
    check(code == 1 and words in text and "--fresh" in text, f"{what} is refused with the reason", text)
    check((folder / "checkpoint.safetensors").read_bytes() == before, f"{what}: the checkpoint stays")


def hostile_checkpoints(root, vqvae):
    source = root / "source"
    text, code = run(*vqvae, "--output", source, "--steps", 20)
    check(code == 0, "trains 20 steps", text)
    for name, what, edit, words in [
            ("negative", "step -1", number("step.step", "<q", -1), "step -1"),
            ("beyond", "a step past the schedule", number("step.step", "<q", 10**12), "1000000000000"),
            ("other", "another step than the curves'", number("step.step", "<q", 19), "has 20 values"),
            ("nan", "a weight that is NaN", number("params.codebook.weight", "<f", math.nan), "nan"),
            ("infinite", "a weight that is infinite", number("params.codebook.weight", "<f", math.inf), "inf"),
            ("seconds", "a negative time", number("seconds", "<d", -1), "seconds"),
            ("century", "a time that nothing takes", number("seconds", "<d", 1e300), "seconds"),
            ("t_negative", "Adam at step -3", number("adam.t", "<q", -3), "adam.t is -3 at element 0, outside 20"),
            ("t_none", "Adam at step 0", number("adam.t", "<q", 0), "adam.t is 0 at element 0, outside 20"),
            ("t_huge", "Adam at step 2^63 - 2", number("adam.t", "<q", 2**63 - 2), "adam.t is 9223372036854775806"),
            ("t_other", "Adam at another step", number("adam.t", "<q", 19), "adam.t is 19 at element 0, outside 20"),
            ("moment", "a mean square below 0", number("adam.v.codebook.weight", "<f", -1), "adam.v.codebook.weight is -1"),
            ("mean", "a mean that is NaN", number("adam.m.codebook.weight", "<f", math.nan), "adam.m.codebook.weight is nan"),
            ("lost", "NaN where a curve has values", number("curve.reconstruction", "<f", math.nan), "'reconstruction' is nan at step 0"),
            ("unbounded", "an infinite loss", number("curve.loss", "<f", math.inf), "'loss' is inf at step 0"),
            ("too_early", "a value where a curve has none", number("curve.perplexity", "<f", 2), "is 2.000000 at step 0, where there is none"),
            ("no_curve", "a missing curve", renamed("curve.loss", "curve.lose"), "curve 'loss' is not there"),
            ("screen", "a text that a screen would obey", said("recipe", "\x1b[2J\nvqvae: all is well\x9b2J"), "recipe is ?[2J?vqvae: all is well"),
            ("foreign", "a curve of another training", renamed("curve.perplexity", "curve.\x1b[31m"), "perplexity' is not there"),
            ("recipe", "another training step", said("recipe", "0123456789abcdef"), "recipe is 0123456789abcdef there"),
            ("curve", "a curve of 40,000 values", long_curve, "40000 values")]:
        before = edited(source, root / name, edit)
        refuses(root / name, before, what, words, *vqvae, "--steps", 30)
    return source


def others(root, vqvae, source, data):
    before = (source / "checkpoint.safetensors").read_bytes()
    refuses(source, before, "another seed", "seed is 5 there, 6 here", *vqvae[:3], "--seed", 6, "--steps", 30)
    refuses(source, before, "fewer steps", "at step 20 already, past --steps 10", *vqvae, "--steps", 10)
    images = data / "train-images-idx3-ubyte.gz"
    kept = images.read_bytes()
    write_images(images, 700, 1)  # as many, but others
    refuses(source, before, "another data set of the same size", "images is crc32", *vqvae, "--steps", 30)
    images.write_bytes(kept)
    text, code = run(*vqvae, "--output", source, "--steps", 21)
    check(code == 0 and "going on after step 20" in text, "its own training goes on", text)
    text, code = run(*vqvae, "--output", source, "--steps", 5, "--fresh")
    check(code == 0 and "going on" not in text, "--fresh begins anew", text)


def signals(root, vqvae):
    for number in signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGPIPE:
        output = root / number.name
        for delay in 0.5, 1, 2, 4:  # a busy machine may take long to its first step
            process = start(*vqvae, "--output", output)
            process.stdout.readline()
            time.sleep(delay)
            process.send_signal(number)
            text = process.communicate(timeout=300)[0]
            if process.returncode == 130:
                break
        check(process.returncode == 130 and "the same command goes on from here" in text, f"{number.name} stops it", text)
        check((output / "checkpoint.safetensors").exists(), f"{number.name} leaves a checkpoint")

    output = root / "reader"  # the reader of what is printed leaves
    process = start(*vqvae, "--output", output)
    process.stdout.readline()
    process.stdout.close()
    code = process.wait(timeout=300)
    check(code in (130, -signal.SIGPIPE) and (output / "checkpoint.safetensors").exists(), "without a reader it leaves a checkpoint", str(code))

    output = root / "nohup"
    process = start("nohup", *vqvae, "--output", output, "--steps", 40, stdin=subprocess.DEVNULL)
    process.stdout.readline()
    process.send_signal(signal.SIGHUP)
    text = process.communicate(timeout=300)[0]
    check(process.returncode == 0, "nohup keeps its word", text)


def numbers(root, vqvae):
    for program in [*vqvae[:3]], [IDS]:
        for seed in "-1", "18446744073709551616", "1.5", "", "0x10", "1 ":
            text, code = run(*program, "--output", root / "seed", "--seed=" + seed)
            check(code not in (0, 1) and "--seed" in text, f"--seed '{seed}' is refused", text)
    text, code = run(*vqvae[:3], "--output", root / "seed", "--seed", 2**64 - 1, "--steps", 1)
    check(code == 0 and "seed 18446744073709551615" in text, "--seed 2^64 - 1 is a seed", text)
    for steps in "-1", "0", "99999999999999999999", "nan":
        text, code = run(*vqvae[:3], "--output", root / "seed", "--steps=" + steps)
        check(code not in (0, 1) and "--steps" in text, f"--steps {steps} is refused", text)


def ratings(root):
    """Other ratings of as many users and items: the content counts."""
    folder = root / "ids"
    for name, shift in ("a.csv", 0), ("b.csv", 1):
        rows = (f"{user},{item},{1 + (user * item + shift) % 2 * 4}.0,{item}\n" for user in range(1, 41) for item in range(1, 21))
        (root / name).write_text("userId,movieId,rating,timestamp\n" + "".join(rows))
    text, code = run(IDS, "--data", root / "a.csv", "--output", folder, "--steps", 30)
    check(code == 0, "learns ratings", text)
    before = (folder / "checkpoint.safetensors").read_bytes()
    refuses(folder, before, "a checkpoint of other ratings", "ratings is crc32", IDS, "--data", root / "b.csv", "--steps", 60)
    before = edited(folder, root / "ids_negative", number("step.step", "<q", -5))
    refuses(root / "ids_negative", before, "ids at step -5", "step -5", IDS, "--data", root / "a.csv", "--steps", 60)
    for name, what, edit, words in [
            ("ids_t", "ids: an optimizer at another step", number("adam.embeddings.t", "<q", 31), "adam.embeddings.t is 31 at element 0, outside 30"),
            ("ids_later", "ids: an optimizer of a later phase", number("adam.codecs.t", "<q", 1), "adam.codecs.t is 1 at element 0, outside 0"),
            ("ids_moment", "ids: a mean square below 0", number("adam.embeddings.v.users", "<f", -1e-30), "adam.embeddings.v.users is"),
            ("ids_choice", "ids: NaN in the curve of the phase", number("curve.choice", "<f", math.nan), "'choice' is nan at step 0"),
            ("ids_codes", "ids: a value of a later phase", number("curve.perplexity", "<f", 1), "where there is none")]:
        before = edited(folder, root / name, edit)
        refuses(root / name, before, what, words, IDS, "--data", root / "a.csv", "--steps", 60)
    text, code = run(IDS, "--data", root / "a.csv", "--output", folder, "--steps", 31)
    check(code == 0 and "going on after step 30" in text, "the same ratings go on", text)


def variants(root, data):
    """Optimizers that begin anew with the codebook, and a codebook that counts."""
    for program, adam, more in [
            (EMA, "training.adam", [("count", "a count below 0", number("codebook.count", "<f", -1), "codebook.count is -1.000000 at element 0, outside 0")]),
            (RESIDUAL, "adam", [])]:
        name, folder = os.path.basename(program), root / os.path.basename(program)
        for steps in 99, 101, 102:  # the codebook comes before step 101
            text, code = run(program, "--data", data, "--output", folder, "--steps", steps)
            check(code == 0 and (steps == 99 or "going on after" in text), f"{name} goes on to step {steps}", text)
        for place, what, edit, words in [
                ("t", "Adam at the number of the step", number("adam.t", "<q", 102), f"{adam}.t is 102 at element 0, outside 2"),
                ("v", "a mean square below 0", number("v.decoder.conv.bias", "<f", -1), "is -1.000000 at element 0"), *more]:
            before = edited(folder, root / f"{name}_{place}", edit)
            refuses(root / f"{name}_{place}", before, f"{name}: {what}", words, program, "--data", data, "--steps", 103)


def main():
    with tempfile.TemporaryDirectory() as name:
        root = pathlib.Path(name)
        data = root / "data"
        data.mkdir()
        write_images(f"{data}/train-images-idx3-ubyte.gz", 700, 0)
        write_images(f"{data}/t10k-images-idx3-ubyte.gz", 20, 700)
        vqvae = [VQVAE, "--data", data, "--seed", 5]
        source = hostile_checkpoints(root, vqvae)
        others(root, vqvae, source, data)
        signals(root, vqvae)
        numbers(root, vqvae)
        ratings(root)
        variants(root, data)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
