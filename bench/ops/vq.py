"""./dev bench vq: nearest codes, and training steps around them, by Kerf and by its peers in turns.

Writes vq.md, vq.json and vq.png into build/bench. The rows that count are pinned: Kerf and peers to AVX2 and one thread;
beside them are peers with all that the machine has.
"""
import argparse
import json
import math
import os
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from protocol import AVX2, ROOT, Bar, chart_of, environment, interval_of, machine, options_of, publish, ratio_interval  # noqa: E402

KEYS = ["mode", "n", "k", "d", "isa", "threads", "peer", "ratio", "ratio_low", "ratio_high", "fma_fraction"]
FULL = dict(fewest=7, most=41, seconds=8.0, slow=0.5)
QUICK = dict(fewest=3, most=3, seconds=0.0, slow=0.5)


def row_of(samples):
    """A row of the report from the seconds of a peer and those of Kerf's turns beside it."""
    ratio, low, high = ratio_interval(samples["peer_seconds"], samples["kerf_seconds"])
    return {key: samples.get(key) for key in KEYS} | {"ratio": ratio, "ratio_low": low, "ratio_high": high}


def run(worker, settings, plan, log_path, bar):
    """Everything that the workers tell: about each setting, about Kerf's own times, and the rows."""
    about, kerf, rows = [], [], []
    for number, (isa, threads) in enumerate(settings):
        text, done = "", 0
        with open(log_path, "a") as log:
            child = subprocess.Popen([*worker, isa, str(threads), json.dumps(plan)], stdout=subprocess.PIPE, stderr=log, text=True,
                                     env=environment(isa, threads))
            for line in child.stdout:
                told = json.loads(line)
                if "setting" in told:
                    about.append(told["setting"])
                elif "kerf" in told:
                    kerf.append(told["kerf"])
                elif "row" in told:
                    rows.append({key: told["row"].get(key) for key in [*KEYS, "reason"]})
                elif "samples" in told:
                    rows.append(row_of(told["samples"]))
                done, text = told.get("done", done), told.get("status", text)
                bar.show((number + done) / len(settings), f"{isa}, {threads} thread{'s' * (threads > 1)}: {text}")
        if child.wait():
            bar.finish()
            sys.exit(f"bench: the worker for {isa} ended with {child.returncode}: see {log_path}")
    bar.finish()
    return about, kerf, rows


def geometric_mean(numbers):
    return math.exp(sum(map(math.log, numbers)) / len(numbers)) if numbers else None


def shape_of(row):
    return f"{row['n']} x {row['k']} x {row['d']}"


def table(rows, kerf):
    """One mode of one setting: a line per shape, a column per peer."""
    peers = list(dict.fromkeys(row["peer"] for row in rows))
    lines = ["| N x K x D | Kerf ms | of the FMA peak | arena MB | " + " | ".join(peers) + " | best peer |",
             "| --- |" + " ---: |" * (len(peers) + 4)]
    best = []
    for own in kerf:
        same = {row["peer"]: row for row in rows if shape_of(row) == shape_of(own)}
        words = [interval_of(row) if row["ratio"] else "none" for row in (same[peer] for peer in peers)]
        ratios = [row["ratio"] for row in same.values() if row["ratio"]]
        best += [min(ratios)] if ratios else []
        lines.append(f"| {shape_of(own)} | {own['seconds'] * 1e3:.2f} | {100 * own['fma_fraction']:.0f} % | {own['arena_bytes'] / 1e6:.1f} | "
                     + " | ".join(words) + (f" | {min(ratios):.2f} |" if ratios else " | none |"))
    means = [geometric_mean([row["ratio"] for row in rows if row["peer"] == peer and row["ratio"]]) for peer in peers]
    lines.append("| geometric mean | | | | " + " | ".join(f"{mean:.2f}" if mean else "none" for mean in [*means, geometric_mean(best)]) + " |")
    reasons = dict.fromkeys(f"{row['peer']}: {row['reason']}" for row in rows if row.get("reason"))
    return lines + [""] + [f"- {reason}" for reason in reasons] + [""] * bool(reasons)


def report(header, rows):
    out = ["# Nearest codes, and training steps around them", "",
           f"{header['processor']}, {header['date']}, commit {header['commit']}, load {header['load']}.",
           "Ratios are the peer's time over Kerf's: medians of turns in one process, with a bootstrap 95 % interval. Above 1 Kerf is faster.",
           "The fraction counts 2 N K D FLOP, for a training step too, against the AVX2 FMA peak of as many cores, measured in the same rounds on one. It may pass 100 %:",
           "Kerf's search compares 16-bit integers first, two products per FMA's one, and computes in floats what these leave open.", ""]
    for setting in header["settings"]:
        known = (f"FMA peak {setting['fma_peak'] / 1e9:.0f} GFLOP/s, copy {setting['copy_peak'] / 1e9:.1f} GB/s, OpenBLAS sgemm of 1024^3 "
                 + (f"{setting['gemm_peak'] / 1e9:.0f} GFLOP/s" if setting["gemm_peak"] else "none"))
        said = ", ".join(f"{package} {version}" for package, version in setting["versions"].items() if version)
        for mode in ("forward", "train"):
            mine = lambda row: (row["isa"], row["threads"], row["mode"]) == (setting["isa"], setting["threads"], mode)
            out += [f"## {mode}, {setting['isa']}, {setting['threads']} thread{'s' * (setting['threads'] > 1)}", "",
                    f"Times are {setting['clock']}. {known}. {said}.", "", *table(list(filter(mine, rows)), list(filter(mine, header["kerf"])))]
    return "\n".join(out).rstrip() + "\n"


def chart(rows):
    """The pinned rows."""
    pinned = [row for row in rows if row["isa"] == "x86-64-v3"]
    return chart_of("Time of a peer over Kerf's, AVX2, one thread", pinned, shape_of)


def main():
    parser = argparse.ArgumentParser(prog="./dev bench vq", description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="small shapes and few rounds: shows that it runs, measures nothing")
    parser.add_argument("--pinned", action="store_true", help="only the rows that count: AVX2 and one thread")
    parser.add_argument("--threads", type=int, default=os.cpu_count() or 1, help="of Kerf and its peers where not pinned, all cores if not given")
    parser.add_argument("--build", default=f"{ROOT}/build", help="the build folder")
    parser.add_argument("--output", help="the folder of vq.md, vq.json and vq.png, <build>/bench if not given")
    parser.add_argument("--python", default=f"{ROOT}/build/peers/bin/python", help="the interpreter that has the peers")
    options = options_of(parser)

    model = "bench_vq_quick" if options.quick else "bench_vq"
    folder = f"{options.build}/bench"
    output = options.output or folder
    os.makedirs(output, exist_ok=True)
    python = options.python if os.path.exists(options.python) else sys.executable
    worker = [python, f"{ROOT}/bench/ops/vq_worker.py", f"{folder}/{model}.so", f"{folder}/kerf/{model}/{model}.json"]
    settings = [("x86-64-v3", 1)] + ([] if options.pinned else [("native", options.threads)])
    about, kerf, rows = run(worker, settings, QUICK if options.quick else FULL, f"{output}/vq.log", Bar())
    header = machine() | {"quick": options.quick, "pins": AVX2, "settings": about, "kerf": kerf}

    publish("vq", header, rows, report(header, rows), chart(rows), options.build, output)
    if not options.quick:
        with open(f"{output}/vq.history.jsonl", "a") as file:
            file.writelines(json.dumps(dict(row, date=header["date"], commit=header["commit"])) + "\n" for row in rows)


if __name__ == "__main__":
    main()
