"""./dev bench systems: whole train steps of the demos' models, Kerf's and PyTorch's in turns.

Pinned (AVX2, one thread, all alike) and with all cores and the best instructions. Writes systems.md, .json and .png into build/bench.
"""
import argparse
import glob
import math
import os
import re
import statistics
import sys

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from protocol import ROOT, Bar, chart_of, interval_of, machine, options_of, publish, ratio_interval  # noqa: E402
from server import PYTHON, flops, fma_peaks, in_turns, kerf, torch  # noqa: E402

MODES = {"pinned": "x86-64-v3", "native": "native"}
SECONDS = 0.5  # of a turn


def models():
    """Those whose row says BENCH."""
    texts = [open(path).read() for path in sorted(glob.glob(f"{ROOT}/models/*/CMakeLists.txt"))]
    rows = [row for text in texts for row in re.findall(r"^kerf_model\((.*?)\)$", text, re.M | re.S)]
    return [row.split()[0] for row in rows if "BENCH" in row.split()]


def measure(model, mode, threads, rounds, peaks, tell):
    """The rows of one model in one mode."""
    pinned = mode == "pinned"
    target = "x86-64-v3" if pinned or not peaks["peak512"] else "x86-64-v4"
    peak = peaks["peak"] if pinned else max(peaks.values())
    own = kerf(threads, target, model)
    common = {"mode": mode, "model": model, "isa": MODES[mode], "threads": threads}
    if os.path.exists(PYTHON):
        peers, missing = [torch(kind, threads, pinned, model) for kind in ("eager", "compiled")], []
    else:
        peers, missing = [], [common | {"peer": "PyTorch", "reason": "it is not installed in build/peers"}]
    steps = min(max(3, round(SECONDS / own.hello["next_step"])), 100)
    in_turns([own, *peers], rounds, steps, lambda done: tell(f"{model}, {mode}: {round(100 * done)} %"))
    rows, work = [], flops(f"models/{model}/kerf/{model}/{model}.json")
    for server in (own, *peers):
        ratio, low, high = ratio_interval(server.seconds, own.seconds)
        middle = statistics.median(server.seconds)
        rows.append(common | {"peer": server.hello["name"], "seconds": middle, "ratio": ratio, "ratio_low": low, "ratio_high": high,
                              "fma_fraction": work / middle / (peak * threads)})
        server.close()
    return rows + missing


def best(rows, model, mode):
    """The time of the better form of PyTorch over Kerf's, or None."""
    return min((row["ratio"] for row in rows if (row["model"], row["mode"]) == (model, mode) and "ratio" in row and row["peer"] != "Kerf"),
               default=None)


def report(header, rows):
    names = list(dict.fromkeys(row["model"] for row in rows))
    out = ["# Train steps of the demos' models", "",
           f"{header['processor']}, {header['date']}, commit {header['commit']}, load {header['load']}.",
           "Ratios are the peer's time over Kerf's: medians of turns, with a bootstrap 95 % interval. Above 1 Kerf is faster.",
           "Of a game of two players a step is a turn of each.", "",
           "| model | mode | threads | who | ms | of the FMA peak | ratio |", "| --- | --- | ---: | --- | ---: | ---: | --- |"]
    for row in rows:
        start = f"| {row['model']} | {row['mode']} | {row['threads']} | {row['peer']} | "
        if "reason" in row:
            out.append(start + f"| | none: {row['reason']} |")
            continue
        ratio = "" if row["peer"] == "Kerf" else interval_of(row)
        out.append(start + f"{row['seconds'] * 1e3:.2f} | {100 * row['fma_fraction']:.0f} % | {ratio} |")
    out += ["", "Against the better form of PyTorch:", "", "| mode | " + " | ".join(names) + " | geometric mean |",
            "| --- |" + " ---: |" * (len(names) + 1)]
    for mode in MODES:
        ratios = [best(rows, model, mode) for model in names]
        if None not in ratios:
            mean = math.exp(statistics.fmean(map(math.log, ratios)))
            out.append(f"| {mode} | " + " | ".join(f"{ratio:.2f}" for ratio in ratios) + f" | {mean:.2f} |")
    return "\n".join(out) + "\n"


def chart(rows):
    rows = [row for row in rows if "ratio" in row and row["peer"] != "Kerf"]
    return chart_of("Time of a train step over Kerf's", rows, lambda row: row["model"])


def main():
    parser = argparse.ArgumentParser(prog="./dev bench systems", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--threads", type=int, default=len(os.sched_getaffinity(0)), help="of the unpinned rows, all cores if not given")
    parser.add_argument("--rounds", type=int, default=10, help="turns of each contestant")
    parser.add_argument("--model", choices=models(), action="append", help="only this model; may be repeated")
    options = options_of(parser)
    if options.threads < 1 or options.rounds < 2:
        parser.error("want at least one thread and two rounds")

    bar, chosen, peaks = Bar(), options.model or models(), fma_peaks()
    rows, cases = [], [(model, mode) for model in chosen for mode in MODES]
    for number, (model, mode) in enumerate(cases):
        rows += measure(model, mode, 1 if mode == "pinned" else options.threads, options.rounds, peaks,
                        lambda text, number=number: bar.show(number / len(cases), text))
    bar.finish()
    header = machine() | peaks
    publish("systems", header, rows, report(header, rows), chart(rows))


if __name__ == "__main__":
    main()
