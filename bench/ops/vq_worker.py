"""Measures Kerf and its peers in turns, in one process with one setting of instruction set and threads, for vq.py, which
starts it. One line of JSON per thing to tell.

    vq_worker.py LIBRARY.so MANIFEST.json ISA THREADS PLAN
"""
import ctypes
import gc
import json
import os
import re
import statistics
import sys
import time

sys.path[:0] = [os.path.dirname(os.path.abspath(__file__)), os.path.dirname(os.path.dirname(os.path.abspath(__file__)))]
import vq_peers  # noqa: E402
from protocol import SETTLE  # noqa: E402

told = sys.stdout


def tell(**what):
    told.write(json.dumps(what) + "\n")
    told.flush()


def load(path):
    library = ctypes.CDLL(path)
    size, address = ctypes.c_int64, ctypes.c_void_p
    library.bench_fma_peak.restype = library.bench_copy_peak.restype = library.bench_run.restype = ctypes.c_double
    library.bench_check_step.restype = ctypes.c_double
    library.bench_allocate.restype = library.bench_pool.restype = address
    library.bench_arena_bytes.restype = ctypes.c_uint64
    library.bench_arena_bytes.argtypes = [address, ctypes.c_uint64]
    library.bench_pool.argtypes = [ctypes.c_uint64]
    library.bench_fma_peak.argtypes = [ctypes.c_double]
    library.bench_allocate.argtypes = [ctypes.c_uint64]
    library.bench_free.argtypes = [address]
    library.bench_normal.argtypes = [address, size, ctypes.c_uint64]
    library.bench_features.restype = ctypes.c_uint64
    library.bench_features.argtypes = [address, ctypes.c_char_p]
    library.bench_run.argtypes = [address, address, address, ctypes.c_uint64, ctypes.c_uint64, address]
    library.bench_check_codes.argtypes = [address, address, size, size, size, address, ctypes.POINTER(size), ctypes.POINTER(size)]
    library.bench_check_step.argtypes = [address] * 3 + [size] * 3 + [address] * 3 + [ctypes.c_float] + [address] * 4
    library.bench_sgemm_argmin.argtypes = [address] * 3 + [ctypes.c_int] * 4 + [address] * 3
    return library


class Case:
    """One entry: its shape, two inputs that alternate, and the memory of Kerf's arguments, poisoned."""

    def __init__(self, library, entry, model, leaves, isa, threads, pool):
        self.library, self.threads, self.pool, self.owned = library, threads, pool, []
        self.mode, *shape = re.fullmatch(r"(\w+?)_(\d+)_(\d+)_(\d+)", entry["name"]).groups()
        self.n, self.k, self.d = map(int, shape)
        self.flops = 2 * self.n * self.k * self.d
        self.z = [self.normal(self.n * self.d, seed) for seed in (1, 2)]
        self.e, self.cotangent = self.normal(self.k * self.d, 3), self.normal(self.n * self.d, 4)
        self.descriptor = ctypes.addressof(ctypes.c_char.in_dll(library, f"{model}_{entry['name']}_descriptor"))
        self.features = library.bench_features(self.descriptor, isa.encode())
        self.arena_bytes = library.bench_arena_bytes(self.descriptor, threads)
        self.arena = self.allocate(self.arena_bytes)
        self.places = {argument["name"]: self.allocate(argument["bytes"]) for argument in entry["arguments"]
                       if argument["name"] not in ("z", "codebook", "cotangent")}
        self.data = []
        for z in self.z:
            places = dict(self.places, z=z, codebook=self.e, cotangent=self.cotangent)
            self.data.append((ctypes.c_void_p * len(entry["arguments"]))(*(places[a["name"]] for a in entry["arguments"])))
        self.leaves = leaves.get(f"state_{self.n}_{self.k}_{self.d}", {})
        for name, place in self.places.items():
            if name.startswith("state"):
                self.begin_state(place)

    def begin_state(self, block):
        book = self.k * self.d * 4
        for name in ("embed", "total"):
            ctypes.memmove(block + self.leaves[name], self.e, book)
        ones = (ctypes.c_float * self.k)(*[1.0] * self.k)
        ctypes.memmove(block + self.leaves["count"], ones, 4 * self.k)
        self.state = [block + self.leaves[name] for name in ("embed", "total", "count")]

    def allocate(self, size):
        place = self.library.bench_allocate(size)
        ctypes.memset(place, 0xFF, max(size, 1))  # an index of -1, a NaN
        self.owned.append(place)
        return place

    def normal(self, count, seed):
        place = self.allocate(4 * count)
        self.library.bench_normal(place, count, seed)
        return place

    def free(self):
        for place in self.owned:
            self.library.bench_free(place)
        self.owned = []

    def run(self, i):
        if self.library.bench_run(self.descriptor, self.arena, self.pool, self.threads, self.features, self.data[i]) < 0:
            raise RuntimeError("the call was refused")

    @property
    def codes(self):
        return self.places["codes"]

    @property
    def step(self):
        return (ctypes.c_float.from_address(self.places["loss"]).value, self.places["gradient"], *self.state)


def address(numbers):
    """Of Kerf's buffers, and of NumPy's arrays, which must be as they are in C."""
    if isinstance(numbers, int):
        return numbers
    assert numbers.flags.c_contiguous and numbers.dtype.name in ("int64", "float32"), (numbers.dtype, numbers.shape)
    return numbers.ctypes.data


def check(case, contestant):
    """Runs it once on input 0; says how many codes are another's by rounding. Wrong answers are an error."""
    contestant.run(0)
    codes = contestant.codes
    wrong, ties = ctypes.c_int64(), ctypes.c_int64()
    case.library.bench_check_codes(case.z[0], case.e, case.n, case.k, case.d, address(codes), ctypes.byref(wrong), ctypes.byref(ties))
    if wrong.value:
        raise ArithmeticError(f"{wrong.value} of {case.n} codes are not the nearest")
    found = {"ties": ties.value}
    if case.mode == "train":
        loss, *tensors = contestant.step
        ones = (ctypes.c_float * case.k)(*[1.0] * case.k)
        error = case.library.bench_check_step(case.z[0], case.cotangent, address(codes), case.n, case.k, case.d, case.e, case.e, ones,
                                              loss, *map(address, tensors))
        if not error <= 1e-5:
            raise ArithmeticError(f"relative L2 error {error:.3g} of the training step, want 1e-5")
        found["error"] = error
    return found


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


def measure(case, plan, isa):
    """Kerf and each peer in turns until the time is used up; a slow peer leaves the circle after the fewest rounds."""
    shape = dict(mode=case.mode, n=case.n, k=case.k, d=case.d)
    about = dict(shape, isa=isa, threads=case.threads)
    checks = {"Kerf": check(case, case)}
    peers, rows = {}, []
    for name, make in vq_peers.PEERS[case.mode].items():
        tell(status=f"{case.mode} {case.n} x {case.k} x {case.d}: {name}")
        try:
            peer = make(case)
            checks[name] = check(case, peer)
            peers[name] = peer
        except Exception as error:
            rows.append(dict(about, peer=name, ratio=None, ratio_low=None, ratio_high=None, reason=vq_peers.reason(error)))

    _, clock = clock_of(case.threads)
    expected = {name: min(timed(one, n % 2, clock) for n in range(2)) for name, one in [("Kerf", case), *peers.items()]}
    kerf, beside, theirs, peaks = [], {name: [] for name in peers}, {name: [] for name in peers}, []
    start, number = time.perf_counter(), 0
    while number < plan["most"] and (number < plan["fewest"] or time.perf_counter() - start < plan["seconds"]):
        tell(status=f"{case.mode} {case.n} x {case.k} x {case.d}: round {number + 1}")
        peaks.append(case.library.bench_fma_peak(0.01))
        for name, peer in list(peers.items()) or [(None, None)]:
            if name and number >= plan["fewest"] and expected[name] > plan["slow"]:
                continue
            seconds = turn(case, expected["Kerf"], number, case.threads, clock)
            kerf.append(seconds)
            if name:
                beside[name].append(seconds)
                theirs[name].append(turn(peer, expected[name], number, case.threads, clock))
        number += 1

    middle, peak = statistics.median(kerf), statistics.median(peaks)
    fraction = case.flops / middle / (peak * case.threads)
    halves = [statistics.median(half) for half in (kerf[::2], kerf[1::2]) if half]
    tell(kerf=dict(about, seconds=middle, fma_fraction=fraction, fma_peak=peak, arena_bytes=case.arena_bytes, turns=len(kerf),
                   rounds=number, same_version_spread=max(halves) / min(halves), checks=checks))
    for name in vq_peers.PEERS[case.mode]:
        row = next((row for row in rows if row["peer"] == name), None)
        if row:
            tell(row=dict(row, fma_fraction=fraction))
        else:
            tell(samples=dict(about, peer=name, peer_seconds=theirs[name], kerf_seconds=beside[name], fma_fraction=fraction))


def gemm_peak(threads):
    """FLOP/s of the OpenBLAS peer at 1024^3, null without it."""
    try:
        import numpy
        case = type("Case", (), dict(threads=threads, n=1024, k=1024, d=1024))
        blas = vq_peers.OpenBlas(case, None).blas
        a, b, c = (numpy.random.default_rng(i).standard_normal((1024, 1024), numpy.float32) for i in range(3))
        blas.scipy_cblas_sgemm.argtypes = ([ctypes.c_int] * 6 + [ctypes.c_float] + [ctypes.c_void_p, ctypes.c_int] * 2
                                           + [ctypes.c_float, ctypes.c_void_p, ctypes.c_int])
        best = 0
        for _ in range(5):
            start = time.perf_counter()
            blas.scipy_cblas_sgemm(101, 111, 111, 1024, 1024, 1024, 1, vq_peers.pointer(a), 1024, vq_peers.pointer(b), 1024, 0,
                                   vq_peers.pointer(c), 1024)
            best = max(best, 2 * 1024**3 / (time.perf_counter() - start))
        return best
    except Exception:
        return None


def main(path, manifest, isa, threads, plan):
    library, threads, plan = load(path), int(threads), json.loads(plan)
    with open(manifest) as file:
        model = json.load(file)
    leaves = {block["role"]: {leaf["name"]: leaf["offset"] for leaf in block["leaves"]} for block in model["blocks"]}
    tell(setting=dict(isa=isa, threads=threads, clock=clock_of(threads)[0], versions=vq_peers.versions(),
                      instruction_sets=vq_peers.instruction_sets(), fma_peak=library.bench_fma_peak(0.2), copy_peak=library.bench_copy_peak(), gemm_peak=gemm_peak(threads)))
    pool = library.bench_pool(threads)
    entries = sorted(model["entries"], key=lambda entry: entry["name"].split("_")[0])
    for number, entry in enumerate(entries):
        tell(done=number / len(entries))
        case = Case(library, entry, model["model"], leaves, isa, threads, pool)
        measure(case, plan, isa)
        case.free()
        gc.collect()
    tell(done=1)


if __name__ == "__main__":
    told = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # what libraries print belongs to the log
    main(*sys.argv[1:])
