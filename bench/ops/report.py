"""What the benches of ops do alike once their workers (worker.py) measure: rows, tables, files."""
import argparse
import json
import math
import os
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from protocol import AVX2, ROOT, Bar, chart_of, environment, interval_of, machine, options_of, publish, ratio_interval  # noqa: E402

FULL = dict(fewest=7, most=41, seconds=8.0, slow=0.5)
QUICK = dict(fewest=3, most=3, seconds=0.0, slow=0.5)


def row_of(samples):
    """A row of the report from the seconds of a peer and those of Kerf's turns beside it."""
    ratio, low, high = ratio_interval(samples["peer_seconds"], samples["kerf_seconds"])
    row = {key: value for key, value in samples.items() if key not in ("peer_seconds", "kerf_seconds", "fma_fraction")}
    return row | dict(ratio=ratio, ratio_low=low, ratio_high=high, fma_fraction=samples["fma_fraction"])


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
                    rows.append(told["row"])
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


def of_setting(setting, mode, rows):
    return [row for row in rows if (row["isa"], row["threads"], row["mode"]) == (setting["isa"], setting["threads"], mode)]


def best_ratio(rows):
    """The time of the best peer over Kerf's; None where there is no peer."""
    return min((row["ratio"] for row in rows if row["ratio"]), default=None)


def table(rows, kerf, sizes, shape_of):
    """One mode of one setting: a line per shape, a column per peer."""
    peers = list(dict.fromkeys(row["peer"] for row in rows))
    lines = [f"| {sizes} | Kerf ms | of the FMA peak | arena MB | " + " | ".join(peers) + " | best peer |",
             "| --- |" + " ---: |" * (len(peers) + 4)]
    best = []
    for own in kerf:
        same = {row["peer"]: row for row in rows if shape_of(row) == shape_of(own)}
        words = [interval_of(same[peer]) if peer in same and same[peer]["ratio"] else "none" for peer in peers]
        least = best_ratio(same.values())
        best += [least] if least else []
        lines.append(f"| {shape_of(own)} | {own['seconds'] * 1e3:.2f} | {100 * own['fma_fraction']:.0f} % | {own['arena_bytes'] / 1e6:.1f} | "
                     + " | ".join(words) + (f" | {least:.2f} |" if least else " | none |"))
    means = [geometric_mean([row["ratio"] for row in rows if row["peer"] == peer and row["ratio"]]) for peer in peers]
    lines.append("| geometric mean | | | | " + " | ".join(f"{mean:.2f}" if mean else "none" for mean in [*means, geometric_mean(best)]) + " |")
    reasons = dict.fromkeys(f"{row['peer']}: {row['reason']}" for row in rows if row.get("reason"))
    return lines + [""] + [f"- {reason}" for reason in reasons] + [""] * bool(reasons)


def peaks_of(setting):
    wide = f" ({setting['fma_peak_512'] / 1e9:.0f} with AVX-512)" if setting["fma_peak_512"] else ""
    return f"FMA peak {setting['fma_peak'] / 1e9:.0f} GFLOP/s{wide}, copy {setting['copy_peak'] / 1e9:.1f} GB/s"


def versions_of(setting):
    return ", ".join(f"{package} {version}" for package, version in setting["versions"].items() if version)


def sections(header, rows, modes, sizes, shape_of, known=peaks_of):
    """The tables of every mode and setting."""
    out = []
    for setting in header["settings"]:
        for mode in modes:
            out += [f"## {mode}, {setting['isa']}, {setting['threads']} thread{'s' * (setting['threads'] > 1)}", "",
                    f"Times are {setting['clock']}. {known(setting)}. {versions_of(setting)}.", "",
                    *table(of_setting(setting, mode, rows), of_setting(setting, mode, header["kerf"]), sizes, shape_of)]
    return out


def chart(rows, shape_of):
    """The pinned rows."""
    return chart_of("Time of a peer over Kerf's, AVX2, one thread", [row for row in rows if row["isa"] == "x86-64-v3"], shape_of)


def main(op, description, report, shape_of, add_options=lambda parser: None, plan_of=lambda options: {}):
    """The command line of ./dev bench <op>; `report(header, rows)` is the text."""
    parser = argparse.ArgumentParser(prog=f"./dev bench {op}", description=description.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="small shapes and few rounds: shows that it runs, measures nothing")
    parser.add_argument("--pinned", action="store_true", help="only the rows that count: AVX2 and one thread")
    parser.add_argument("--threads", type=int, default=os.cpu_count() or 1, help="of Kerf and its peers where not pinned, all cores if not given")
    parser.add_argument("--build", default=f"{ROOT}/build", help="the build folder")
    parser.add_argument("--output", help=f"the folder of {op}.md, {op}.json and {op}.png, <build>/bench if not given")
    parser.add_argument("--python", default=f"{ROOT}/build/peers/bin/python", help="the interpreter that has the peers")
    add_options(parser)
    options = options_of(parser)

    model = f"bench_{op}_quick" if options.quick else f"bench_{op}"
    folder = f"{options.build}/bench"
    output = options.output or folder
    os.makedirs(output, exist_ok=True)
    python = options.python if os.path.exists(options.python) else sys.executable
    worker = [python, f"{ROOT}/bench/ops/{op}_worker.py", f"{folder}/{model}.so", f"{folder}/kerf/{model}/{model}.json"]
    settings = [("x86-64-v3", 1)] + ([] if options.pinned else [("native", options.threads)])
    plan = (QUICK if options.quick else FULL) | plan_of(options)
    about, kerf, rows = run(worker, settings, plan, f"{output}/{op}.log", Bar())
    header = machine() | {"quick": options.quick, "pins": AVX2, "settings": about, "kerf": kerf}

    publish(op, header, rows, report(header, rows), chart(rows, shape_of), options.build, output)
    if not options.quick:
        with open(f"{output}/{op}.history.jsonl", "a") as file:
            file.writelines(json.dumps(dict(row, date=header["date"], commit=header["commit"])) + "\n" for row in rows)
