"""What every benchmark here does alike: ratios of medians with an interval, a description of the machine, a progress bar."""
import argparse
import datetime
import json
import os
import platform
import random
import re
import shutil
import statistics
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
AVX2 = dict(ATEN_CPU_CAPABILITY="avx2", ONEDNN_MAX_CPU_ISA="AVX2", MKL_ENABLE_INSTRUCTIONS="AVX2", OPENBLAS_CORETYPE="Haswell",
            FAISS_OPT_LEVEL="AVX2", FAISS_SIMD_LEVEL="AVX2", TORCHINDUCTOR_CPP_MARCH="x86-64-v3",
            XLA_FLAGS="--xla_cpu_max_isa=AVX2")
SETTLE = 0.25  # seconds after which no pool's threads spin for work any more: libomp's do for 0.2


def options_of(parser):
    """What the command line says. `--check-options` ends here: ./dev asks first, so that a slip costs no build."""
    parser.add_argument("--check-options", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.check_options:
        sys.exit()
    return options


def environment(isa, threads):
    """Of a peer: pinned to AVX2 where `isa` is x86-64-v3, else with all that the machine has."""
    count = str(threads)
    own = dict(OMP_NUM_THREADS=count, MKL_NUM_THREADS=count, OPENBLAS_NUM_THREADS=count, NPROC=count, JAX_PLATFORMS="cpu")
    if os.path.isdir(f"{ROOT}/build/peers"):
        own["TORCHINDUCTOR_CACHE_DIR"] = f"{ROOT}/build/peers/inductor"
    return {**{key: value for key, value in os.environ.items() if key not in AVX2}, **own, **(AVX2 if isa == "x86-64-v3" else {})}


def ratio_interval(a, b):
    """Ratio of the medians of a to b, with a bootstrap 95 % interval."""
    draw = random.Random(7)
    ratios = sorted(statistics.median(draw.choices(a, k=len(a))) / statistics.median(draw.choices(b, k=len(b)))
                    for _ in range(1000))
    return statistics.median(a) / statistics.median(b), ratios[25], ratios[974]


def interval_of(row):
    """The ratio of a row in words."""
    return f"{row['ratio']:.2f} ({row['ratio_low']:.2f} to {row['ratio_high']:.2f})"


def chart_of(title, rows, group_of, groups=None):
    """Rows that have a ratio as bench_chart reads them: a panel per mode, a group per what `group_of` says of a row, a bar per peer."""
    peers = list(dict.fromkeys(row["peer"] for row in rows))
    lines = [f"title\t{title}", *(f"series\t{peer}" for peer in peers)]
    for mode in dict.fromkeys(row["mode"] for row in rows):
        lines.append(f"panel\t{mode}")
        same = [row for row in rows if row["mode"] == mode]
        for group in groups or dict.fromkeys(map(group_of, same)):
            lines.append(f"group\t{group}")
            lines += [f"bar\t{peers.index(row['peer'])}\t{row['ratio']}\t{row['ratio_low']}\t{row['ratio_high']}" for row in same
                      if group_of(row) == group and row.get("ratio")]
    return "\n".join(lines) + "\n"


def publish(name, header, rows, text, chart, build=f"{ROOT}/build", folder=None):
    """Writes <name>.md, .json and .png, into <build>/bench if no folder is given, and says so."""
    folder = folder or f"{build}/bench"
    os.makedirs(folder, exist_ok=True)
    with open(f"{folder}/{name}.md", "w") as file:
        file.write(text)
    with open(f"{folder}/{name}.json", "w") as file:
        json.dump({"header": header, "rows": rows}, file, indent=1)
    subprocess.run([f"{build}/bin/bench_chart", f"{folder}/{name}.png"], input=chart, text=True, check=True)
    print(text)
    print(f"bench: written to {os.path.relpath(folder)}/{name}.md, {name}.json and {name}.png")


def cpuinfo(key):
    try:
        with open("/proc/cpuinfo") as file:
            return re.search(rf"^{key}\s*:\s*(.*)$", file.read(), re.M).group(1)
    except (OSError, AttributeError):
        return None


def processor():
    return cpuinfo("model name") or platform.processor()


def commit():
    run = subprocess.run(["git", "-C", ROOT, "rev-parse", "--short", "HEAD"], capture_output=True, text=True)
    return run.stdout.strip() or "unknown"


def first_line(path):
    try:
        with open(path) as file:
            return file.readline().strip()
    except OSError:
        return None


def machine():
    """What a figure depends on and the next machine may have otherwise."""
    vectors = r"(avx|fma|amx|bmi|f16c)"
    return {"date": datetime.datetime.now().isoformat(timespec="seconds"), "commit": commit(), "processor": processor(),
            "cores": os.cpu_count(), "flags": [flag for flag in (cpuinfo("flags") or "").split() if re.match(vectors, flag)],
            "mhz": cpuinfo("cpu MHz"), "governor": first_line("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor"),
            "load": first_line("/proc/loadavg"), "kernel": platform.release(), "python": platform.python_version()}


class Bar:
    """One line that is drawn over on a terminal; in a log, a line whenever the text before its last colon changes."""

    def __init__(self):
        self.last = None

    def show(self, fraction, text):
        if sys.stdout.isatty():
            width = min(shutil.get_terminal_size().columns, 110) - 1
            filled = round(24 * min(max(fraction, 0), 1))
            line = f"bench: {100 * fraction:3.0f} % [{'#' * filled}{' ' * (24 - filled)}] {text}"
            print(f"\r{line[:width]:{width}}", end="", flush=True)
        elif text.rpartition(": ")[0] != self.last:
            print(f"bench: {100 * fraction:3.0f} % {text.rpartition(': ')[0]}", flush=True)
        self.last = text.rpartition(": ")[0]

    def finish(self):
        if sys.stdout.isatty() and self.last is not None:
            print(flush=True)
