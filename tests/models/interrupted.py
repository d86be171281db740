"""A training that Ctrl-C stopped, again and again, ends as one that ran through: the same weights, test_mse, perplexity
and pictures, bit for bit; so does one that the code for another target began.

    interrupted.py PROGRAM      the demo's program around the narrow model
"""
import gzip
import math
import os
import re
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import time

RESULTS = ["weights.safetensors", "loss.png", "reconstructions.png", "codebook.png"]


def picture(number):
    """28 x 28 bytes: waves of a length and a direction of their own."""
    a, b, c = 0.1 + number % 7 / 10, 0.1 + number % 11 / 15, number % 13
    return bytes(int(127.5 + 127.4 * math.sin(a * x + b * y + c)) for y in range(28) for x in range(28))


def write_images(path, count, first):
    with gzip.open(path, "wb", compresslevel=1) as file:
        file.write(struct.pack(">IIII", 0x803, count, 28, 28))
        for number in range(first, first + count):
            file.write(picture(number))


class Program:
    def __init__(self, program, data):
        self.command = [program, "--data", data, "--seed", "5"]

    def start(self, output, *options):
        return subprocess.Popen([*self.command, "--output", output, *options], stdout=subprocess.PIPE,
                                stderr=subprocess.PIPE, text=True)

    def finish(self, output, *options):
        """Runs to the end; gives its last line without the times."""
        process = self.start(output, *options)
        out, err = process.communicate(timeout=300)
        assert process.returncode == 0, f"ended with {process.returncode}: {out}{err}"
        line = re.fullmatch(r"(vqvae: test_mse=\S+ perplexity=\S+) images_per_second=\S+ train_seconds=\S+",
                            out.splitlines()[-1])
        assert line, f"the last line is {out.splitlines()[-1]!r}"
        return line[1]

    def interrupt(self, output, delay):
        """Ctrl-C after `delay` seconds of training. The step that it stopped at; 0 before the first, None after the last."""
        process = self.start(output)
        assert process.stdout.readline().startswith("vqvae: "), process.stderr.read()
        time.sleep(delay)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=300)
        if process.returncode == 0:
            return None
        if process.returncode == -signal.SIGINT:
            return 0
        assert process.returncode == 130, f"ended with {process.returncode}: {out}{err}"
        return int(re.search(r"stopped after step (\d+)", out)[1])


def interrupt_often(program, output, seconds, times=3):
    """The steps at which the training was stopped."""
    stops, delay = [], seconds / (times + 2)
    while len(stops) < times:
        step = program.interrupt(output, delay)
        if step is None:  # this machine was faster than before
            shutil.rmtree(output)
            stops, delay = [], delay / 2
        elif step == 0:
            delay += 0.05
        else:
            assert step > (stops[-1] if stops else 0), f"stopped after step {step}, before that after {stops}"
            assert os.path.exists(f"{output}/checkpoint.safetensors"), "no checkpoint"
            stops.append(step)
    return stops


def check_same(what, a, b):
    for name in RESULTS:
        with open(f"{a}/{name}", "rb") as left, open(f"{b}/{name}", "rb") as right:
            assert left.read() == right.read(), f"{what}: {name} differs"


def check_targets(program):
    version = subprocess.run([program, "--version"], capture_output=True, text=True, check=True).stdout
    assert re.fullmatch(r"compiled for x86-64-v4 and x86-64-v3, of which x86-64-v[34] runs on this machine\n", version), version
    wrong = subprocess.run([program, "--target", "x86-64-v9"], capture_output=True, text=True)
    assert wrong.returncode and "no body for x86-64-v9; there is x86-64-v4 and x86-64-v3" in wrong.stderr, wrong


def main():
    with tempfile.TemporaryDirectory() as folder:
        data, whole, broken, staged = (f"{folder}/{name}" for name in ["data", "whole", "broken", "staged"])
        os.mkdir(data)
        write_images(f"{data}/train-images-idx3-ubyte.gz", 700, 0)
        write_images(f"{data}/t10k-images-idx3-ubyte.gz", 105, 700)
        program = Program(os.path.abspath(sys.argv[1]), data)

        start = time.monotonic()
        want = program.finish(whole)
        seconds = time.monotonic() - start
        print(f"{want} in {seconds:.1f} s")
        assert not os.path.exists(f"{whole}/checkpoint.safetensors"), "a finished training left its checkpoint"

        stops = interrupt_often(program, broken, seconds)
        print(f"interrupted after steps {stops}")
        got = program.finish(broken)
        assert got == want, f"interrupted: got {got}, want {want}"
        check_same("interrupted", broken, whole)

        # The last of the warm-up: the codebook comes in the second run.
        program.finish(staged, "--steps", "100", "--target", "x86-64-v3")
        got = program.finish(staged)
        assert got == want, f"in two runs: got {got}, want {want}"
        check_same("in two runs", staged, whole)
        check_targets(program.command[0])


if __name__ == "__main__":
    main()
