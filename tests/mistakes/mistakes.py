"""Wrong rewrites and kernels that the tests must notice: every mistake("name") of edits.txt is made by itself, and one check of
the suite at least has to fail. One mistake may go unnoticed.

Usage: mistakes.py <build tree> <lit> [--only <name> ...] [--all]
  --only  make these mistakes    --all  run every check, to see all that notice a mistake
"""
import argparse
import concurrent.futures
import os
import pathlib
import subprocess
import sys

sys.dont_write_bytecode = True
from plant import names_of, read_edits  # noqa: E402

WANTED = 30


class Check:
    """A part of the suite, with the programs that make mistakes in place of its own."""

    def __init__(self, name, area, *command):
        self.name, self.area, self.command = name, area, [str(word) for word in command]

    def passes(self, mistake):
        environment = dict(os.environ, KERF_MISTAKE=mistake)
        try:
            return subprocess.run(self.command, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                  stderr=subprocess.DEVNULL, timeout=120).returncode == 0
        except subprocess.TimeoutExpired:
            return False


def checks(build, lit):
    """The fast parts of the suite that are about the family and what it decomposes to."""
    programs = build / "tests/mistakes/bin"
    models = build / "tests/models/kerf"
    run = programs / "kerf-run"
    files = [build / "tests/lit/ops" / f"{op}.mlir" for op in ("argmin", "gather", "scatter_add", "straight_through", "vq", "vq_sampled")]
    yield Check("ops", "compiler/ops", lit, "-q", f"--param=programs={programs}", *files)
    yield Check("fuse_vq", "compiler/passes", lit, "-q", f"--param=programs={programs}", build / "tests/lit/passes/fuse_vq.mlir",
                build / "tests/lit/passes/fuse_vq_terms.mlir")
    yield Check("overwritten", "codegen/schedule/copies.cpp", lit, "-q", f"--param=programs={programs}",
                build / "tests/lit/cases/growth/overwritten.mlir")
    yield Check("order_of_sums", "codegen/cpu/vector_nest.cpp", programs / "order_of_sums", "-a")
    yield Check("order_of_sums", "codegen/cpu/pairwise.cpp", programs / "order_of_sums", "-a")
    kernels = "codegen/cpu/kernels/"
    yield Check("kernels [rows]", (kernels + "argmin", kernels + "gather", kernels + "scatter_add", "codegen/cpu/row_index"),
                programs / "kernels", "[rows]", "-a")
    yield Check("kernels [gemm]", "codegen/cpu/tile.cpp", programs / "kernels", "[gemm]", "-a")
    yield Check("kernels [vq]", (kernels + "vq", "codegen/cpu/vq_"), programs / "kernels", "[vq]", "-a")
    yield Check("model_ids", "", run, models / "ids_small/ids_small.mlir", "--compare")
    yield Check("model_ids_gradient", "", run, models / "ids_small/ids_small.mlir", "--function", "embedding_gradients", "--gradient")
    yield Check("match_searches", "", run, "--match", "vq", models / "searches/searches.mlir")
    yield Check("fusion", "", programs / "fusion", "-a")
    yield Check("match_vqvae_train_step", "", run, "--match", "vq", "--tolerance", "0", "--function", "train_step", models / "vqvae16/vqvae16.mlir")


def who_notices(mistake, file, suite, run_all):
    """The checks that fail; first those about the file that the mistake is in."""
    noticed = []
    for check in sorted(suite, key=lambda check: not (check.area and file.startswith(check.area))):
        if not check.passes(mistake):
            noticed.append(check.name)
            if not run_all:
                break
    return noticed


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("build", type=pathlib.Path)
    parser.add_argument("lit")
    parser.add_argument("--only", nargs="*", default=[])
    parser.add_argument("--all", action="store_true")
    options = parser.parse_args()

    mistakes, twice = names_of(read_edits(pathlib.Path(__file__).with_name("edits.txt")))
    complaints = [f"{name} is planted twice" for name in twice]
    suite = list(checks(options.build, options.lit))
    chosen = {name: file for name, file in mistakes.items() if not options.only or name in options.only}

    if complaints:
        sys.exit("\n".join(complaints))

    with concurrent.futures.ThreadPoolExecutor(len(os.sched_getaffinity(0))) as pool:
        sound = list(pool.map(lambda check: check.passes(""), suite))
        complaints = [f"{check.name} fails without a mistake" for check, fine in zip(suite, sound) if not fine]
        if complaints:
            sys.exit("\n".join(complaints))
        caught = 0
        for name, by in zip(chosen, pool.map(lambda name: who_notices(name, chosen[name], suite, options.all), chosen)):
            print(f"{name:<40} {', '.join(by) or 'UNNOTICED'}", flush=True)
            caught += bool(by)
    print(f"\n{caught} of {len(chosen)} planted mistakes are noticed")
    if not options.only and len(mistakes) < WANTED:
        sys.exit(f"there are to be at least {WANTED}")
    sys.exit(caught < len(chosen) - 1)


if __name__ == "__main__":
    main()
