"""Every entry of a model gives the same bits by each body that this machine can run and by any number of workers.

Usage: same_bits.py <kerf-run> <model.mlir>
"""
import pathlib
import re
import subprocess
import sys

program, path = sys.argv[1:]
text = pathlib.Path(path).read_text()
entries = re.findall(r"func\.func @(\w+)", text)
if not entries:
    sys.exit(f"{path} has no entries")
# Small and of one sign, as second moments are: nothing becomes NaN, behind which other bits would hide.
ranges = [option for role in sorted(set(re.findall(r'kerf\.role = "(\w+)"', text))) for option in ("--range", f"{role}=0:0.02")]
if re.search(r"%images: tensor\S+f32>", text): # pixels are in [0, 1]
    ranges += ["--range", "images=0:1"]
run = subprocess.run([program, "--same-bits", "--timeout", "800", *ranges, path], capture_output=True, text=True, stdin=subprocess.DEVNULL)
print(run.stdout + run.stderr)
wrong = [entry for entry in entries if f"@{entry}: every body and number of workers agrees" not in run.stdout.splitlines()]
if run.returncode or wrong:
    sys.exit(f"these entries did not run or give other bits: {', '.join(wrong) or 'none of them'}; exit code {run.returncode}")
if "NaN" in run.stderr:
    sys.exit("NaN hides differences: let the ranges above be such that there is none")
