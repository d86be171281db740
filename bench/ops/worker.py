"""What the workers of the benches of ops do alike: each measures Kerf and its peers in turns, in one process with one setting of
instruction set and threads, and tells report.py one line of JSON per thing. It is started as

    <op>_worker.py LIBRARY.so MANIFEST.json ISA THREADS PLAN
"""
import ctypes
import gc
import json
import os
import statistics
import sys
import time
from importlib import metadata

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from protocol import SETTLE  # noqa: E402

told = sys.stdout


def tell(**what):
    told.write(json.dumps(what) + "\n")
    told.flush()


def load(path):
    """With the functions of library.cpp."""
    library = ctypes.CDLL(path)
    size, address = ctypes.c_int64, ctypes.c_void_p
    library.bench_fma_peak.restype = library.bench_fma_peak_512.restype = ctypes.c_double
    library.bench_copy_peak.restype = library.bench_run.restype = ctypes.c_double
    library.bench_fma_peak.argtypes = library.bench_fma_peak_512.argtypes = [ctypes.c_double]
    library.bench_allocate.restype = library.bench_pool.restype = address
    library.bench_allocate.argtypes = library.bench_pool.argtypes = [ctypes.c_uint64]
    library.bench_free.argtypes = [address]
    library.bench_normal.argtypes = [address, size, ctypes.c_uint64]
    library.bench_arena_bytes.restype = library.bench_features.restype = ctypes.c_uint64
    library.bench_arena_bytes.argtypes = [address, ctypes.c_uint64]
    library.bench_features.argtypes = [address, ctypes.c_char_p]
    library.bench_run.argtypes = [address, address, address, ctypes.c_uint64, ctypes.c_uint64, address]
    return library


def pointer(numbers):
    return ctypes.c_void_p(numbers.ctypes.data)


def reason(error):
    return f"{type(error).__name__}: {str(error).strip().splitlines()[0] if str(error).strip() else 'no message'}"[:200]


def versions(packages):
    found = {}
    for package in packages:
        try:
            found[package] = metadata.version(package)
        except metadata.PackageNotFoundError:
            found[package] = None
    return found


class Case:
    """An entry with memory for its arguments, which a subclass fills: `data` holds the pointers of two calls, which alternate;
    `about` the sizes for the report; `flops` the work."""

    def __init__(self, library, entry, model, isa, threads, pool):
        self.library, self.isa, self.threads, self.pool, self.owned = library, isa, threads, pool, []
        self.descriptor = ctypes.addressof(ctypes.c_char.in_dll(library, f"{model}_{entry['name']}_descriptor"))
        self.features = library.bench_features(self.descriptor, isa.encode())
        self.arena_bytes = library.bench_arena_bytes(self.descriptor, threads)
        self.arena = self.allocate(self.arena_bytes)

    def allocate(self, size):
        place = self.library.bench_allocate(size)
        ctypes.memset(place, 0xFF, max(size, 1))  # an index of -1, a NaN
        self.owned.append(place)
        return place

    def normal(self, count, seed):
        place = self.allocate(4 * count)
        self.library.bench_normal(place, count, seed)
        return place

    def peak(self, budget):
        """FLOP/s of a core that the fraction refers to."""
        return self.library.bench_fma_peak(budget)

    def free(self):
        for place in self.owned:
            self.library.bench_free(place)
        self.owned = []

    def run(self, i):
        if self.library.bench_run(self.descriptor, self.arena, self.pool, self.threads, self.features, self.data[i]) < 0:
            raise RuntimeError("the call was refused")


def clock_of(threads):
    """CPU time of the process where it has one thread: what else runs on the machine does not count then."""
    return ("CPU time", time.process_time) if threads == 1 else ("wall time", time.perf_counter)


def timed(contestant, i, clock):
    start = clock()
    contestant.run(i)
    return clock() - start


def turn(contestant, expected, number, threads, clock):
    """Short calls run a few times; the first after another's turn, which finds its data gone from the caches, is not counted. The
    other's threads may spin on for a while, on the cores of this one."""
    if threads > 1:
        time.sleep(SETTLE)
    if expected < 0.05 or threads > 1:
        contestant.run(number % 2)
    times = max(1, min(9, int(0.01 / expected)))
    return statistics.median(timed(contestant, (number + n) % 2, clock) for n in range(times))


def measure(case, makers, check, plan, check_again=None):
    """Kerf and each peer in turns until the time is used up; a slow peer leaves the circle after the fewest rounds. Who fails a
    check has no times."""
    about = dict(case.about, isa=case.isa, threads=case.threads)
    title = " ".join(map(str, case.about.values()))
    checks = {"Kerf": check(case, case)}
    peers, reasons = {}, {}
    for name, make in makers.items():
        tell(status=f"{title}: {name}")
        try:
            peer = make(case)
            checks[name] = check(case, peer)
            peers[name] = peer
        except Exception as error:
            reasons[name] = reason(error)

    _, clock = clock_of(case.threads)
    expected = {name: min(timed(one, n % 2, clock) for n in range(2)) for name, one in [("Kerf", case), *peers.items()]}
    kerf, beside, theirs, peaks = [], {name: [] for name in peers}, {name: [] for name in peers}, []
    start, number = time.perf_counter(), 0
    while number < plan["most"] and (number < plan["fewest"] or time.perf_counter() - start < plan["seconds"]):
        tell(status=f"{title}: round {number + 1}")
        peaks.append(case.peak(0.01))
        for name, peer in list(peers.items()) or [(None, None)]:
            if name and number >= plan["fewest"] and expected[name] > plan["slow"]:
                continue
            seconds = turn(case, expected["Kerf"], number, case.threads, clock)
            kerf.append(seconds)
            if name:
                beside[name].append(seconds)
                theirs[name].append(turn(peer, expected[name], number, case.threads, clock))
        number += 1

    if check_again:
        check_again(case, case)
        for name, peer in peers.items():
            try:
                check_again(case, peer)
            except Exception as error:
                reasons[name] = f"behind its turns: {reason(error)}"
    middle, peak = statistics.median(kerf), statistics.median(peaks)
    fraction = case.flops / middle / (peak * case.threads)
    halves = [statistics.median(half) for half in (kerf[::2], kerf[1::2]) if half]
    tell(kerf=dict(about, seconds=middle, fma_fraction=fraction, fma_peak=peak, arena_bytes=case.arena_bytes, turns=len(kerf),
                   rounds=number, same_version_spread=max(halves) / min(halves), checks=checks))
    for name in makers:
        if name in reasons:
            tell(row=dict(about, peer=name, ratio=None, ratio_low=None, ratio_high=None, fma_fraction=fraction, reason=reasons[name]))
        else:
            tell(samples=dict(about, peer=name, peer_seconds=theirs[name], kerf_seconds=beside[name], fma_fraction=fraction))


def run_entries(path, manifest, isa, threads, plan, load, case_of, makers_of, check, setting_of, check_again=None):
    """Every entry of a library that the plan wants: `case_of(library, entry, model, isa, threads, pool)` prepares it."""
    global told
    told = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # what libraries print belongs to the log
    library, threads, plan = load(path), int(threads), json.loads(plan)
    with open(manifest) as file:
        model = json.load(file)
    tell(setting=dict(isa=isa, threads=threads, clock=clock_of(threads)[0], fma_peak=library.bench_fma_peak(0.2),
                      fma_peak_512=library.bench_fma_peak_512(0.2), copy_peak=library.bench_copy_peak(), **setting_of(threads)))
    pool = library.bench_pool(threads)
    entries = sorted((entry for entry in model["entries"] if all(word in entry["name"] for word in plan.get("only", []))),
                     key=lambda entry: entry["name"].split("_")[0])
    for number, entry in enumerate(entries):
        tell(done=number / len(entries))
        case = case_of(library, entry, model, isa, threads, pool)
        measure(case, makers_of(case), check, plan, check_again)
        case.free()
        gc.collect()
    tell(done=1)
