"""Children that the reports of a train step ask in turns."""
import json
import subprocess
import sys
import time

from protocol import ROOT, SETTLE, environment

PYTHON = f"{ROOT}/build/peers/bin/python"


class Server:
    """A child that answers each line with a line of JSON; the first line says who it is."""

    def __init__(self, command, threads=1, pinned=True):
        self.child = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
                                      env=environment("x86-64-v3" if pinned else "native", threads))
        self.hello, self.seconds = self.read(), []

    def read(self):
        line = self.child.stdout.readline()
        if not line:
            sys.exit(f"bench: {' '.join(self.child.args)} ended early")
        return json.loads(line)

    def send(self, line):
        self.child.stdin.write(f"{line}\n")
        self.child.stdin.flush()

    def ask(self, line):
        self.send(line)
        return self.read()

    def close(self):
        self.child.stdin.close()
        self.child.wait()


def kerf(threads=1, target="x86-64-v3", model="vqvae"):
    return Server([f"{ROOT}/build/bin/bench_step", str(time.monotonic_ns()), str(threads), target, model])


def fma_peaks():
    """The FMA peaks of a core, AVX2's and, 0 where there is none, AVX-512's: the most of five."""
    server = kerf()
    answers = [server.ask("peaks") for _ in range(5)]
    server.close()
    return {key: max(answer[key] for answer in answers) for key in ("peak", "peak512")}


def torch(kind, threads=1, pinned=True, model="vqvae", width=64, batch=32, layout="contiguous"):
    """The size and the layout are the VQ-VAE's; other models have those of their demos."""
    return Server([PYTHON, f"{ROOT}/bench/models/step_torch.py", kind, str(threads), model, str(width), str(batch), layout], threads, pinned)


def flops(manifest, entry="train_step"):
    """Of an entry's convolutions, contractions and searches, as its manifest says."""
    with open(f"{ROOT}/build/{manifest}") as file:
        return next(one["flops"] for one in json.load(file)["entries"] if one["name"] == entry)


def in_turns(servers, rounds, steps, tell):
    """Every server runs `steps` steps, `rounds` times, the order turning; the first step of a turn is not counted."""
    for number in range(rounds):
        tell(number / rounds)
        for server in servers if number % 2 else servers[::-1]:
            time.sleep(SETTLE)
            server.seconds += server.ask(steps + 1)["seconds"][1:]
