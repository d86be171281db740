"""Measures nearest codes and training steps around them, Kerf's and its peers', for vq.py: see worker.py."""
import ctypes
import os
import re
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import vq_peers  # noqa: E402
import worker  # noqa: E402


def load(path):
    library = worker.load(path)
    size, address = ctypes.c_int64, ctypes.c_void_p
    library.bench_check_step.restype = ctypes.c_double
    library.bench_check_codes.argtypes = [address, address, size, size, size, address, ctypes.POINTER(size), ctypes.POINTER(size)]
    library.bench_check_step.argtypes = [address] * 3 + [size] * 3 + [address] * 3 + [ctypes.c_float] + [address] * 4
    library.bench_sgemm_argmin.argtypes = [address] * 3 + [ctypes.c_int] * 4 + [address] * 3
    return library


class Case(worker.Case):
    """A shape, two inputs that alternate, and the memory of Kerf's arguments, poisoned."""

    def __init__(self, library, entry, model, isa, threads, pool):
        super().__init__(library, entry, model["model"], isa, threads, pool)
        self.mode, *shape = re.fullmatch(r"(\w+?)_(\d+)_(\d+)_(\d+)", entry["name"]).groups()
        self.n, self.k, self.d = map(int, shape)
        self.about = dict(mode=self.mode, n=self.n, k=self.k, d=self.d)
        self.flops = 2 * self.n * self.k * self.d
        self.z = [self.normal(self.n * self.d, seed) for seed in (1, 2)]
        self.e, self.cotangent = self.normal(self.k * self.d, 3), self.normal(self.n * self.d, 4)
        self.places = {argument["name"]: self.allocate(argument["bytes"]) for argument in entry["arguments"]
                       if argument["name"] not in ("z", "codebook", "cotangent")}
        self.data = []
        for z in self.z:
            places = dict(self.places, z=z, codebook=self.e, cotangent=self.cotangent)
            self.data.append((ctypes.c_void_p * len(entry["arguments"]))(*(places[a["name"]] for a in entry["arguments"])))
        role = f"state_{self.n}_{self.k}_{self.d}"
        self.leaves = {leaf["name"]: leaf["offset"] for block in model["blocks"] if block["role"] == role for leaf in block["leaves"]}
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
            blas.scipy_cblas_sgemm(101, 111, 111, 1024, 1024, 1024, 1, worker.pointer(a), 1024, worker.pointer(b), 1024, 0,
                                   worker.pointer(c), 1024)
            best = max(best, 2 * 1024**3 / (time.perf_counter() - start))
        return best
    except Exception:
        return None


def setting_of(threads):
    return dict(versions=worker.versions(vq_peers.PACKAGES), instruction_sets=vq_peers.instruction_sets(), gemm_peak=gemm_peak(threads))


if __name__ == "__main__":
    worker.run_entries(*sys.argv[1:], load, Case, lambda case: vq_peers.PEERS[case.mode], check, setting_of)
