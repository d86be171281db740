"""./dev bench step: Kerf's train step and PyTorch's in turns, as fractions of the FMA peak of the same run.

Writes build/bench/step.md and step.json. Peers are pinned to AVX2 and one thread, as Kerf is.
"""
import argparse
import datetime
import json
import os
import statistics
import sys

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from protocol import ROOT, commit, options_of, processor, ratio_interval  # noqa: E402
from server import PYTHON, kerf, torch  # noqa: E402

MFLOP_PER_IMAGE, BATCH = 92, 32
ROUNDS, STEPS = 12, 10


def main():
    options_of(argparse.ArgumentParser(prog="./dev bench step", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter))

    print("bench: Kerf", flush=True)
    starts = []
    for _ in range(9):
        server = kerf()
        starts.append(server.hello)
        server.close()
    servers = [kerf()]
    if os.path.exists(PYTHON):
        for kind in ["eager", "compiled"]:
            print(f"bench: PyTorch, {kind}", flush=True)
            servers.append(torch(kind))
    peaks = []
    for number in range(ROUNDS):
        print(f"\rbench: round {number + 1} of {ROUNDS}", end="", flush=True)
        for server in servers:
            answer = server.ask(STEPS)
            server.seconds += answer["seconds"]
            peaks += [answer["peak"]] if "peak" in answer else []
    print(flush=True)
    answers = [servers[0].ask("kernels 15") for _ in range(3)]
    peak = statistics.median(peaks + [answer["peak"] for answer in answers])
    kernels = []
    for same in zip(*[answer["kernels"] for answer in answers]):
        seconds = statistics.median(s for one in same for s in one["seconds"])
        kernels.append(dict(same[0], seconds=seconds))

    flop = MFLOP_PER_IMAGE * 1e6 * BATCH
    median = statistics.median(servers[0].seconds)
    out = ["# The VQ-VAE's train step: width 64, batch 32, one thread, AVX2", "",
           f"{processor()}, {datetime.date.today()}, commit {commit()}. FMA peak of this run: {peak / 1e9:.1f} GFLOP/s "
           f"({min(peaks) / 1e9:.1f} to {max(peaks) / 1e9:.1f}).",
           f"Work: {flop / 1e9:.3f} GFLOP a step ({MFLOP_PER_IMAGE} MFLOP an image). {ROUNDS} rounds of {STEPS} steps in turns.", "",
           "| step | median ms | quartiles | GFLOP/s | of the peak | time against Kerf (95 % interval) |",
           "| --- | ---: | ---: | ---: | ---: | ---: |"]
    rows = []
    for server in servers:
        middle, quartiles = statistics.median(server.seconds), statistics.quantiles(server.seconds, n=4)
        ratio = ratio_interval(server.seconds, servers[0].seconds)
        rows.append({"name": server.hello["name"], "median": middle, "fraction": flop / middle / peak, "ratio": ratio})
        out.append(f"| {server.hello['name']} | {middle * 1e3:.2f} | {quartiles[0] * 1e3:.2f} to {quartiles[2] * 1e3:.2f} | "
                   f"{flop / middle / 1e9:.1f} | {100 * flop / middle / peak:.1f} % | "
                   + (f"{ratio[0]:.2f} ({ratio[1]:.2f} to {ratio[2]:.2f}) |" if server is not servers[0] else "|"))
    quartiles = statistics.quantiles(servers[0].seconds, n=4)
    if quartiles[2] > 1.15 * quartiles[0]:
        out += ["", "The machine was busy: the quartiles are far apart, so these fractions are too low."]
    out += ["", "Convolutions, contractions and code searches of the step, each by itself, packing and im2col included:", "",
            "| op | shapes | calls | ms a call | GFLOP/s | of the peak |", "| --- | --- | ---: | ---: | ---: | ---: |"]
    for k in sorted(kernels, key=lambda k: -k["seconds"] * k["calls"]):
        out.append(f"| {k['op']} | {k['shapes']} | {k['calls']} | {k['seconds'] * 1e3:.3f} | {k['flop'] / k['seconds'] / 1e9:.1f} | "
                   f"{100 * k['flop'] / k['seconds'] / peak:.0f} % |")
    work = sum(k["flop"] * k["calls"] for k in kernels)
    spent = sum(k["seconds"] * k["calls"] for k in kernels)
    late = statistics.median(start["first_step"] - start["next_step"] for start in starts)
    init = statistics.median(start["init"] for start in starts)
    out += [f"| together | | {sum(k['calls'] for k in kernels)} | {spent * 1e3:.2f} | {work / spent / 1e9:.1f} | "
            f"{100 * work / spent / peak:.1f} % |", "",
            f"They are {work / 1e9:.3f} GFLOP and {100 * spent / median:.0f} % of the step's time.",
            f"From the launch of a process to its first finished step, less the median of the next nine: {late * 1e3:.1f} ms, {init * 1e3:.1f} of "
            f"them until `init` has drawn the parameters (median of {len(starts)} launches).",
            f"Arena: {servers[0].hello['arena_bytes'] / 1e6:.1f} MB."]
    os.makedirs(f"{ROOT}/build/bench", exist_ok=True)
    with open(f"{ROOT}/build/bench/step.md", "w") as file:
        file.write("\n".join(out) + "\n")
    with open(f"{ROOT}/build/bench/step.json", "w") as file:
        json.dump({"date": str(datetime.date.today()), "commit": commit(), "processor": processor(), "peak": peak, "steps": rows,
                   "kernels": kernels, "kernels_fraction": work / spent / peak, "first_step_extra": late}, file, indent=1)
    print("\n".join(out))
    print("bench: written to build/bench/step.md and step.json")


if __name__ == "__main__":
    main()
