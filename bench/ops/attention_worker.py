"""Measures attention and its gradients, Kerf's and its peers', for attention.py: see worker.py."""
import ctypes
import os
import random
import re
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import attention_peers  # noqa: E402
import worker  # noqa: E402

MODES = {"forward": "forward", "step": "forward + backward"}
FORMS = ["none", "causal", "window", "alibi", "table", "documents"]  # as attention_library.cpp numbers them


def load(path):
    library = worker.load(path)
    size, address = ctypes.c_int64, ctypes.c_void_p
    library.bench_attention.restype = size
    library.bench_attention.argtypes = [ctypes.POINTER(size), ctypes.c_int] + [address] * 10
    library.bench_relative_l2.restype = library.bench_sum.restype = ctypes.c_double
    library.bench_relative_l2.argtypes = [address, address, size]
    library.bench_sum.argtypes = [address, ctypes.c_uint64, address, address, size, ctypes.c_bool]
    return library


class Case(worker.Case):
    """A form and a shape, two sets of queries that alternate, what f64 gives for the first, and the memory of Kerf's arguments."""

    def __init__(self, library, entry, model, isa, threads, pool):
        super().__init__(library, entry, model["model"], isa, threads, pool)
        kind, self.mask, *sizes = re.fullmatch(r"([a-z]+)_([a-z]+)" + r"_(\d+)" * 5, entry["name"]).groups()
        self.b, self.h, self.n_q, self.n_k, self.d = map(int, sizes)
        self.mode, self.differentiates = MODES[kind], kind == "step"
        self.about = dict(mode=self.mode, b=self.b, h=self.h, n_q=self.n_q, n_k=self.n_k, d=self.d, mask=self.mask)
        queries, keys = self.b * self.h * self.n_q * self.d, self.b * self.h * self.n_k * self.d
        self.q = [self.normal(queries, seed) for seed in (1, 2)]
        self.k, self.v, self.cotangent = self.normal(keys, 3), self.normal(keys, 4), self.normal(queries, 5)
        self.capture, captured = self.capture_of()
        given = dict(k=self.k, v=self.v, cotangent=self.cotangent, capture=self.capture)
        self.places = {argument["name"]: self.allocate(argument["bytes"]) for argument in entry["arguments"]
                       if argument["name"] not in ("q", *given)}
        self.data = []
        for q in self.q:
            places = dict(self.places, q=q, **given)
            self.data.append((ctypes.c_void_p * len(entry["arguments"]))(*(places[a["name"]] for a in entry["arguments"])))
        counts = dict(o=queries, dq=queries, dk=keys, dv=keys, dcapture=captured)
        self.counts = {name: counts[name] for name in counts if name in self.places}
        self.look_up()

    def capture_of(self):
        """What the form reads, and of how many elements that is."""
        if self.mask == "alibi":
            return self.numbers(ctypes.c_float, [2 ** (-8 * (head + 1) / self.h) for head in range(self.h)])
        if self.mask == "table":
            count = self.h * (self.n_q + self.n_k - 1)
            return self.normal(count, 6), count
        if self.mask == "documents":
            draw, all_of = random.Random(7), []
            for _ in range(self.b):
                ends = sorted(draw.sample(range(1, self.n_k), 5))
                all_of += [sum(end <= place for end in ends) for place in range(self.n_k)]
            return self.numbers(ctypes.c_int32, all_of)
        return None, 0

    def numbers(self, kind, values):
        place = self.allocate(4 * len(values))
        ctypes.memmove(place, (kind * len(values))(*values), 4 * len(values))
        return place, len(values)

    def look_up(self):
        """What f64 gives."""
        self.want = {name: self.allocate(8 * count) for name, count in self.counts.items()}
        for name, place in self.want.items():
            ctypes.memset(place, 0, 8 * self.counts[name])
        sizes = (ctypes.c_int64 * 5)(self.b, self.h, self.n_q, self.n_k, self.d)
        self.seen = self.library.bench_attention(sizes, FORMS.index(self.mask), self.q[0], self.k, self.v, self.capture,
                                                 self.cotangent if self.differentiates else None,
                                                 *(self.want.get(name) for name in ("o", "dq", "dk", "dv", "dcapture")))
        self.flops = (14 if self.differentiates else 4) * self.seen * self.d

    def peak(self, budget):
        narrow = self.library.bench_fma_peak(budget)
        return narrow if self.isa == "x86-64-v3" else max(narrow, self.library.bench_fma_peak_512(budget))

    @property
    def results(self):
        return list(self.places.values())


class PlainSum:
    """Reads k and v as fast as anything can: the roof of one query. Its inputs are as warm as Kerf's are."""

    def __init__(self, case):
        self.case = case
        self.wide = case.isa != "x86-64-v3" and case.library.bench_fma_peak_512(0.001) > 0

    def run(self, i):
        case = self.case
        self.total = case.library.bench_sum(case.pool, case.threads, case.k, case.v, case.b * case.h * case.n_k * case.d, self.wide)

    results = []


def check(case, contestant):
    """Runs it once on input 0; the relative L2 errors of what it gives. Wrong answers are an error."""
    contestant.run(0)
    found = {}
    for (name, count), got in zip(case.counts.items(), contestant.results):
        if not isinstance(got, int):
            assert got.flags.c_contiguous and got.dtype.name == "float32" and got.size == count, (name, got.dtype, got.shape)
            got = got.ctypes.data
        error = case.library.bench_relative_l2(got, case.want[name], count)
        if not error <= 1e-5:
            raise ArithmeticError(f"relative L2 error {error:.3g} of {name}, want 1e-5")
        found[name] = error
    return found


def makers_of(case):
    makers = attention_peers.peers_of(case)
    if case.n_q == 1 and not case.differentiates:
        makers["plain sum of k and v"] = PlainSum
    return makers


def setting_of(threads):
    return dict(versions=worker.versions(attention_peers.PACKAGES), instruction_sets=attention_peers.instruction_sets())


if __name__ == "__main__":
    worker.run_entries(*sys.argv[1:], load, Case, makers_of, check, setting_of, check)
