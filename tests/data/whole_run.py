"""The demo's program fused and unfused: the same first steps, and after the whole run both as good as the field expects.

    whole_run.py FUSED_PROGRAM UNFUSED_PROGRAM DATA

Training is chaotic, so that another order of one sum would part the two runs; the fused search keeps the order, so
that even the last digits agree.
"""
import concurrent.futures
import re
import subprocess
import sys
import tempfile

WORST_MSE, LEAST_PERPLEXITY = 0.0056, 240


def figures(program, data, folder):
    run = subprocess.run([program, "--data", data, "--output", folder, "--seed", "0"], text=True, capture_output=True)
    found = re.search(r"^vqvae: test_mse=(\S+) perplexity=(\S+)", run.stdout, re.MULTILINE)
    if run.returncode or not found:
        sys.exit(f"{program} ended with {run.returncode}:\n{run.stdout[-2000:]}{run.stderr[-2000:]}")
    return float(found[1]), float(found[2])


def main():
    fused, unfused, data = sys.argv[1:]
    with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as other, \
            concurrent.futures.ThreadPoolExecutor() as pool:
        runs = [pool.submit(figures, program, data, folder) for program, folder in ((fused, one), (unfused, other))]
        results = dict(zip(("fused", "unfused"), (run.result() for run in runs)))
    failed = results["fused"] != results["unfused"]
    for name, (mse, perplexity) in results.items():
        good = mse <= WORST_MSE and perplexity >= LEAST_PERPLEXITY
        failed |= not good
        print("ok  " if good else "FAIL", f"{name}: test_mse={mse} (at most {WORST_MSE}) "
              f"perplexity={perplexity} (at least {LEAST_PERPLEXITY})")
    if results["fused"] != results["unfused"]:
        print("FAIL the two differ, so somewhere an order of sums or a choice does: kerf-run --match vq finds where")
    sys.exit(failed)


if __name__ == "__main__":
    main()
