"""./dev bench step --native: Kerf's train step with all cores and the best instructions, and PyTorch's in its best form.

Three sizes of the VQ-VAE. Beside the rows of all cores are the pinned ones (AVX2, one thread), Kerf's bodies against each
other, and two workers against two processes of one. Writes step_native.md, .json and .png into build/bench.
"""
import argparse
import os
import statistics
import sys

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from protocol import Bar, chart_of, interval_of, machine, options_of, publish, ratio_interval  # noqa: E402
from server import PYTHON, flops, fma_peaks, in_turns, kerf, torch  # noqa: E402

SIZES = {32: 16, 64: 32, 128: 64}  # width: batch
MODELS = {32: "step_32", 64: "vqvae", 128: "step_128"}
MANIFESTS = {32: "bench/kerf/step_32/step_32.json", 64: "models/vqvae/kerf/vqvae/vqvae.json", 128: "bench/kerf/step_128/step_128.json"}


def together(pair, steps):
    """Two servers at once: the seconds of a step while both are at work."""
    for server in pair:
        server.send(steps)
    return [server.read()["seconds"] for server in pair]


def row_of(server, own, width, mode, isa, threads, peak):
    ratio, low, high = ratio_interval(server.seconds, own.seconds)
    middle, batch = statistics.median(server.seconds), SIZES[width]
    return {"mode": mode, "width": width, "batch": batch, "isa": isa, "threads": threads, "peer": server.hello["name"], "seconds": middle,
            "ratio": ratio, "ratio_low": low, "ratio_high": high,
            "fma_fraction": flops(MANIFESTS[width]) / middle / (peak * threads)}


def measure(width, threads, rounds, peaks, tell):
    """All rows of one size."""
    batch, rows, missing = SIZES[width], [], not os.path.exists(PYTHON)
    steps = max(3, 640 * 32 // (width * batch))
    best = "x86-64-v4" if peaks["peak512"] else "x86-64-v3"
    native_peak = max(peaks.values())

    def compare(mode, isa, threads, own, peers, peak):
        servers = [own, *peers]
        in_turns(servers, rounds, steps, lambda done: tell(f"width {width}, {mode}: {round(100 * done)} %"))
        rows.extend(row_of(server, own, width, mode, isa, threads, peak) for server in servers)
        for server in servers:
            server.close()

    def peers(pinned, threads, layouts):
        if missing:
            rows.append({"mode": "pinned" if pinned else "native", "width": width, "batch": batch, "peer": "PyTorch",
                         "reason": "it is not installed in build/peers"})
            return []
        return [torch(kind, threads, pinned, "vqvae", width, batch, layout) for layout in layouts for kind in ("eager", "compiled")]

    compare("native", "native", threads, kerf(threads, best, MODELS[width]), peers(False, threads, ("contiguous", "channels_last")), native_peak)
    compare("pinned", "x86-64-v3", 1, kerf(1, "x86-64-v3", MODELS[width]), peers(True, 1, ("contiguous",)), peaks["peak"])
    if peaks["peak512"]:
        wide, narrow = kerf(1, "x86-64-v4", MODELS[width]), kerf(1, "x86-64-v3", MODELS[width])
        narrow.hello["name"] = "Kerf, x86-64-v3"
        compare("bodies", "x86-64-v4", 1, wide, [narrow], native_peak)
    if threads >= 2:
        rows.append(two_workers(width, best, rounds, steps, tell))
    return rows


def two_workers(width, target, rounds, steps, tell):
    """The joint throughput of two processes of one worker each, against one of two workers."""
    both, pair, alone = kerf(2, target, MODELS[width]), [kerf(1, target, MODELS[width]) for _ in range(2)], []
    for number in range(rounds):
        tell(f"width {width}, two workers: {round(100 * number / rounds)} %")
        both.seconds += both.ask(steps)["seconds"]
        first, second = together(pair, steps)
        alone += [1 / (1 / statistics.median(first) + 1 / statistics.median(second))] * 3
    ratio, low, high = ratio_interval(alone, both.seconds)
    for server in [both, *pair]:
        server.close()
    return {"mode": "two workers", "width": width, "batch": SIZES[width], "isa": target, "threads": 2, "peer": "two processes of one worker",
            "seconds": statistics.median(alone), "ratio": ratio, "ratio_low": low, "ratio_high": high}


def report(header, rows):
    wide = header["peak512"] / header["peak"]
    out = ["# The VQ-VAE's train step with all cores", "",
           f"{header['processor']}, {header['date']}, commit {header['commit']}, load {header['load']}.",
           f"FMA peak of a core: {header['peak'] / 1e9:.0f} GFLOP/s with AVX2, "
           + (f"{header['peak512'] / 1e9:.0f} with AVX-512, {wide:.2f} times as much"
              + (": this CPU splits 512-bit operations." if wide < 1.8 else ".") if header["peak512"] else "no AVX-512."),
           "Ratios are the peer's time over Kerf's: medians of turns, with a bootstrap 95 % interval. Above 1 Kerf is faster.", "",
           "| width, batch | mode | isa | threads | who | ms | of the FMA peak | ratio |", "| --- | --- | --- | ---: | --- | ---: | ---: | --- |"]
    for row in rows:
        size = f"| {row['width']}, {row['batch']} | {row['mode']} | {row.get('isa', '')} | {row.get('threads', '')} | {row['peer']} | "
        if "reason" in row:
            out.append(size + f"| | none: {row['reason']} |")
            continue
        fraction = f"{100 * row['fma_fraction']:.0f} %" if "fma_fraction" in row else ""
        ratio = "" if row["peer"] == "Kerf" else interval_of(row)
        out.append(size + f"{row['seconds'] * 1e3:.2f} | {fraction} | {ratio} |")
    out += ["", "| width, batch | Kerf against the best form of PyTorch, all cores | pinned |", "| --- | ---: | ---: |"]
    for width, batch in SIZES.items():
        best = {mode: min((row["ratio"] for row in rows if row["width"] == width and row["mode"] == mode and "ratio" in row
                           and row["peer"] != "Kerf"), default=None) for mode in ("native", "pinned")}
        out.append(f"| {width}, {batch} | " + " | ".join(f"{best[mode]:.2f}" if best[mode] else "none" for mode in best) + " |")
    return "\n".join(out) + "\n"


def chart(rows):
    def size(width):
        return f"width {width}, batch {SIZES[width]}"
    rows = [row for row in rows if "ratio" in row and row["peer"] != "Kerf"]
    return chart_of("Time of a train step over Kerf's", rows, lambda row: size(row["width"]), [size(width) for width in SIZES])


def main():
    parser = argparse.ArgumentParser(prog="./dev bench step --native", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--native", action="store_true", help="this report")
    parser.add_argument("--threads", type=int, default=len(os.sched_getaffinity(0)), help="of Kerf and PyTorch, all cores if not given")
    parser.add_argument("--rounds", type=int, default=10, help="turns of each contestant")
    parser.add_argument("--width", type=int, choices=SIZES, action="append", help="only this size; may be repeated")
    options = options_of(parser)
    if options.threads < 1 or options.rounds < 2:
        parser.error("want at least one thread and two rounds")

    bar, sizes, peaks = Bar(), options.width or list(SIZES), fma_peaks()
    rows = []
    for number, width in enumerate(sizes):
        rows += measure(width, options.threads, options.rounds, peaks, lambda text, number=number: bar.show(number / len(sizes), text))
    bar.finish()
    header = machine() | peaks
    publish("step_native", header, rows, report(header, rows), chart(rows))


if __name__ == "__main__":
    main()
