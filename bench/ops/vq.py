"""./dev bench vq: nearest codes, and training steps around them, by Kerf and by its peers in turns.

Writes vq.md, vq.json and vq.png into build/bench. The rows that count are pinned: Kerf and peers to AVX2 and one thread;
beside them are peers with all that the machine has.
"""
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from report import main, peaks_of, sections  # noqa: E402


def shape_of(row):
    return f"{row['n']} x {row['k']} x {row['d']}"


def known(setting):
    return (f"{peaks_of(setting)}, OpenBLAS sgemm of 1024^3 "
            + (f"{setting['gemm_peak'] / 1e9:.0f} GFLOP/s" if setting["gemm_peak"] else "none"))


def report(header, rows):
    out = ["# Nearest codes, and training steps around them", "",
           f"{header['processor']}, {header['date']}, commit {header['commit']}, load {header['load']}.",
           "Ratios are the peer's time over Kerf's: medians of turns in one process, with a bootstrap 95 % interval. Above 1 Kerf is faster.",
           "The fraction counts 2 N K D FLOP, for a training step too, against the AVX2 FMA peak of as many cores, measured in the same rounds on one. It may pass 100 %:",
           "Kerf's search compares 16-bit integers first, two products per FMA's one, and computes in floats what these leave open.", "",
           *sections(header, rows, ("forward", "train"), "N x K x D", shape_of, known)]
    return "\n".join(out).rstrip() + "\n"


if __name__ == "__main__":
    main("vq", __doc__, report, shape_of)
