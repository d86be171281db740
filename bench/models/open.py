"""./dev bench open: entries whose batch is open beside the same entries bound to the rows of the call, in turns.

Pinned (AVX2, one thread) and with all cores and the best instructions. Writes open.md, .json and .png into build/bench.
"""
import argparse
import math
import os
import statistics
import sys

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from protocol import ROOT, Bar, chart_of, interval_of, machine, options_of, publish, ratio_interval  # noqa: E402
from server import Server  # noqa: E402

MODES = {"pinned": "x86-64-v3", "native": "x86-64-v4"}
ENTRIES = {"encode": "VQ-VAE, encode", "train": "VQ-VAE, train step", "gpt": "GPT, forward"}
ROWS = (1, 7, 64, 256)


def measure(server, common, entry, rows, seconds):
    """A row: the time of the open entry over that of the bound one."""
    once = server.ask(f"{entry} {rows} 2")
    times = min(max(7, round(seconds / 2 / statistics.median(once["bound"]))), 3000)
    got = server.ask(f"{entry} {rows} {times}")
    ratio, low, high = ratio_interval(got["open"], got["bound"])
    return common | {"entry": entry, "rows": rows, "peer": "bound", "seconds": statistics.median(got["open"]),
                     "bound_seconds": statistics.median(got["bound"]), "ratio": ratio, "ratio_low": low, "ratio_high": high}


def mean_of(rows):
    return math.exp(statistics.fmean(math.log(row["ratio"]) for row in rows))


def report(header, rows):
    out = ["# Open batches", "", f"{header['processor']}, {header['date']}, commit {header['commit']}, load {header['load']}.",
           "Ratios are the open entry's time over that of the entry bound to the rows of the call: medians of turns, with a bootstrap",
           "95 % interval. Below 1 the open entry is faster.", "",
           "| mode | entry | rows | bound, ms | open, ms | ratio |", "| --- | --- | ---: | ---: | ---: | --- |"]
    for row in rows:
        out.append(f"| {row['mode']} | {ENTRIES[row['entry']]} | {row['rows']} | {row['bound_seconds'] * 1e3:.3f} | "
                   f"{row['seconds'] * 1e3:.3f} | {interval_of(row)} |")
    for mode in dict.fromkeys(row["mode"] for row in rows):
        same = [row for row in rows if row["mode"] == mode]
        out += ["", f"{mode}: geometric mean {mean_of(same):.3f}, worst {max(row['ratio'] for row in same):.3f}."]
    return "\n".join(out) + "\n"


def main():
    parser = argparse.ArgumentParser(prog="./dev bench open", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--threads", type=int, default=len(os.sched_getaffinity(0)), help="of the unpinned rows, all cores if not given")
    parser.add_argument("--seconds", type=float, default=2, help="that a pair of entries runs")
    options = options_of(parser)
    if options.threads < 1 or options.seconds <= 0:
        parser.error("want at least one thread and some time")
    bar, rows = Bar(), []
    cases = [(mode, entry, number) for mode in MODES for entry in ENTRIES for number in ROWS]
    servers = {mode: Server([f"{ROOT}/build/bin/bench_open", "1" if mode == "pinned" else str(options.threads), isa])
               for mode, isa in MODES.items()}
    for done, (mode, entry, number) in enumerate(cases):
        bar.show(done / len(cases), f"{mode}, {ENTRIES[entry]}: {number} rows")
        common = {"mode": mode, "isa": MODES[mode], "threads": 1 if mode == "pinned" else options.threads}
        rows.append(measure(servers[mode], common, entry, number, options.seconds))
    bar.finish()
    for server in servers.values():
        server.close()
    header = machine()
    chart = chart_of("Time of an open entry over that of the bound one", rows, lambda row: f"{row['entry']} {row['rows']}")
    publish("open", header, rows, report(header, rows), chart)


if __name__ == "__main__":
    main()
