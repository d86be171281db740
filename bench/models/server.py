"""Children that the reports of a train step ask in turns."""
import json
import subprocess
import sys
import time

from protocol import ROOT, environment

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


def kerf(threads=1, target="x86-64-v3", width=64):
    return Server([f"{ROOT}/build/bin/bench_step", str(time.monotonic_ns()), str(threads), target, str(width)])


def torch(kind, threads=1, pinned=True, width=64, batch=32, layout="contiguous"):
    return Server([PYTHON, f"{ROOT}/bench/models/step_torch.py", kind, str(threads), str(width), str(batch), layout], threads, pinned)
