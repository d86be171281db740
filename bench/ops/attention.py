"""./dev bench attention: attention and its gradients by Kerf and by its peers in turns.

Writes attention.md, attention.json and attention.png into build/bench. Pinned rows are of Kerf and peers held to AVX2 and one thread;
the others have all cores and all that the machine has.
"""
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from report import best_ratio, geometric_mean, main, of_setting, sections  # noqa: E402

MODES = ("forward", "forward + backward")
ROOF = "plain sum of k and v"


def shape_of(row):
    return f"{row['b']} x {row['h']} x {row['n_q']} x {row['n_k']} x {row['d']}" + (f" {row['mask']}" if row["mask"] != "none" else "")


def summary(header, rows):
    """The best peer of each shape: the mean and the worst of each mode and setting, then what decoding reads."""
    out = ["| setting | mode | geometric mean against the best peer | worst |", "| --- | --- | ---: | --- |"]
    for setting in header["settings"]:
        for mode in MODES:
            mine = of_setting(setting, mode, rows)
            best = {shape: best_ratio([row for row in mine if shape_of(row) == shape]) for shape in dict.fromkeys(map(shape_of, mine))}
            best = {shape: ratio for shape, ratio in best.items() if ratio}
            if best:
                worst = sorted(best, key=best.get)[:3]
                out.append(f"| {setting['isa']}, {setting['threads']} | {mode} | {geometric_mean(best.values()):.2f} | "
                           + ", ".join(f"{best[shape]:.2f} ({shape})" for shape in worst) + " |")
    return out


def decoding(rows):
    return [f"One query of {shape_of(row)}, {row['isa']}, {row['threads']} thread{'s' * (row['threads'] > 1)}: {100 * row['ratio']:.0f} % "
            f"({100 * row['ratio_low']:.0f} to {100 * row['ratio_high']:.0f}) of the rate at which a plain sum reads k and v."
            for row in rows if row["ratio"]]


def report(header, rows):
    roofs, rows = [[row for row in rows if (row["peer"] == ROOF) == is_roof] for is_roof in (True, False)]
    out = ["# Attention and its gradients", "",
           f"{header['processor']}, {header['date']}, commit {header['commit']}, load {header['load']}.",
           "Ratios are the peer's time over Kerf's: medians of turns in one process, with a bootstrap 95 % interval. Above 1 Kerf is faster.",
           "All answers are within 1e-5 of those in f64 (relative L2, each tensor), before the turns and behind them. The fraction counts 4 D FLOP for a",
           "pair of a query and a key that it sees, with the backward pass 14 D, against the FMA peak of as many cores, AVX2's or the machine's best, measured in",
           "the same rounds on one.", "",
           *summary(header, rows), "", *decoding(roofs), "",
           *sections(header, rows, MODES, "B x H x N x M x D", shape_of)]
    return "\n".join(out).rstrip() + "\n"


def add_options(parser):
    parser.add_argument("--only", action="append", default=[], metavar="TEXT",
                        help="only entries whose names have this, as forward, causal or 1024_1024_64; may be repeated: all of these")


if __name__ == "__main__":
    main("attention", __doc__, report, shape_of, add_options, lambda options: dict(only=options.only))
