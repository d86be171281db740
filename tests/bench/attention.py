"""The form of what ./dev bench attention writes, from a quick run with this interpreter, which may have no peer at all.

    attention.py SOURCE BUILD
"""
import ctypes
import json
import os
import re
import subprocess
import sys
import tempfile
import types
import unittest

source, build = sys.argv[1:3]
sys.path[:0] = [f"{source}/bench/ops", f"{source}/bench"]
import attention  # noqa: E402
import attention_peers  # noqa: E402
import attention_worker  # noqa: E402
import report  # noqa: E402

SIZES = ("b", "h", "n_q", "n_k", "d", "mask")
KEYS = {"mode", *SIZES, "isa", "threads", "peer", "ratio", "ratio_low", "ratio_high", "fma_fraction"}


def row(peer, ratio, n=7, isa="x86-64-v3", **more):
    return dict(mode="forward", b=1, h=2, n_q=n, n_k=n, d=3, mask="none", isa=isa, threads=1, peer=peer, ratio=ratio, ratio_low=ratio,
                ratio_high=ratio, fma_fraction=0.5, **more)


class Rows(unittest.TestCase):
    header = dict(settings=[dict(isa="x86-64-v3", threads=1)])

    def test_the_best_peer_counts(self):
        text = "\n".join(attention.summary(self.header, [row("p", 2.0), row("q", 4.0), row("p", 16.0, 8), row("q", 8.0, 8), row("r", None)]))
        self.assertIn("| x86-64-v3, 1 | forward | 4.00 | 2.00 (1 x 2 x 7 x 7 x 3), 8.00 (1 x 2 x 8 x 8 x 3) |", text)

    def test_the_plain_sum_is_no_peer(self):
        self.assertEqual(attention.decoding([row(attention.ROOF, 0.75)]),
                         ["One query of 1 x 2 x 7 x 7 x 3, x86-64-v3, 1 thread: 75 % (75 to 75) of the rate at which a plain sum reads k and v."])
        header = dict(processor="p", date="d", commit="c", load="l", kerf=[], settings=[
            dict(isa="x86-64-v3", threads=1, clock="CPU time", fma_peak=1e9, fma_peak_512=0, copy_peak=1e9, versions={})])
        text = attention.report(header, [row("p", 2.0), row(attention.ROOF, 0.5)])
        self.assertIn("| forward | 2.00 |", text)
        self.assertIn("50 % (50 to 50)", text)

    def test_all_peers_are_pinned(self):
        pinned, free = report.environment("x86-64-v3", 1), report.environment("native", 2)
        self.assertIn("AVX2", pinned["XLA_FLAGS"])
        self.assertEqual((pinned["NPROC"], free["NPROC"]), ("1", "2"))
        self.assertEqual(free.get("XLA_FLAGS"), os.environ.get("XLA_FLAGS") if "XLA_FLAGS" not in report.AVX2 else None)

    def test_every_shape_is_timed_in_both_modes(self):
        with open(f"{source}/bench/ops/attention.cpp") as file:
            entries = re.findall(r"(forward|step)_entry<(\w+), ([\d, ]+)>", file.read())
        want = [("Plain", shape) for shape in ("8, 12, 197, 197, 64", "8, 12, 50, 50, 64", "4, 16, 256, 256, 72", "1, 8, 1024, 1024, 64",
                                               "1, 8, 1024, 1024, 128", "1, 8, 4096, 4096, 64", "1, 12, 1, 1024, 64", "8, 12, 32, 257, 64")]
        want += [("Causal", shape) for shape in ("8, 8, 77, 77, 64", "1, 8, 1024, 1024, 64", "1, 8, 4096, 4096, 64")]
        want += [("Window", "1, 8, 4096, 4096, 64"), *((form, "4, 8, 1024, 1024, 64") for form in ("Alibi", "Table", "Documents"))]
        self.assertEqual(sorted(entries), sorted((mode, *one) for mode in ("forward", "step") for one in want))


class Checks(unittest.TestCase):
    """Answers that are wrong are never timed."""

    @classmethod
    def setUpClass(cls):
        cls.library = attention_worker.load(f"{build}/bench/bench_attention_quick.so")
        with open(f"{build}/bench/kerf/bench_attention_quick/bench_attention_quick.json") as file:
            cls.model = json.load(file)
        cls.entries = {entry["name"]: entry for entry in cls.model["entries"]}

    def case(self, name, isa="native"):
        case = attention_worker.Case(self.library, self.entries[name], self.model, isa, 2, self.library.bench_pool(2))
        self.addCleanup(case.free)
        return case

    def test_every_entry_is_right(self):
        for name in self.entries:
            case = self.case(name)
            errors = attention_worker.check(case, case)
            self.assertLess(max(errors.values()), 2e-6, name)
            self.assertEqual(list(errors), ["o"] if name.startswith("forward") else
                             ["o", "dq", "dk", "dv", *["dcapture"] * ("table" in name)])

    def test_a_wrong_number_anywhere(self):
        for name in ("forward_documents_2_3_40_40_16", "step_table_2_3_33_33_16"):
            case = self.case(name)
            attention_worker.check(case, case)
            for result, count in case.counts.items():
                for place in (0, count - 1):
                    number = ctypes.c_float.from_address(case.places[result] + 4 * place)
                    for wrong in (number.value + 0.01, float("nan")):
                        right, number.value = number.value, wrong
                        still = types.SimpleNamespace(run=lambda i: None, results=case.results)
                        with self.assertRaisesRegex(ArithmeticError, f"relative L2 error .* of {result},"):
                            attention_worker.check(case, still)
                        number.value = right

    def test_the_pairs_that_are_seen(self):
        documents = self.case("forward_documents_2_3_40_40_16")
        ids = (ctypes.c_int32 * 80).from_address(documents.capture)
        lengths = [list(ids[40 * b:40 * b + 40]).count(document) for b in (0, 1) for document in range(6)]
        self.assertEqual(documents.seen, 3 * sum(length ** 2 for length in lengths))
        for name, want in (("forward_causal_1_2_50_50_8", 2 * 50 * 51 // 2), ("forward_none_2_3_19_37_20", 6 * 19 * 37),
                           ("forward_window_1_1_300_300_8", 300 * 301 // 2 - 44 * 45 // 2)):
            case = self.case(name)
            self.assertEqual(case.seen, want)
            self.assertEqual(case.flops, 4 * want * case.d)

    def test_the_plain_sum_reads_all(self):
        case = self.case("forward_none_1_3_1_65_16")
        for isa in ("native", "x86-64-v3"):
            case.isa = isa
            roof = attention_worker.PlainSum(case)
            numbers = ctypes.c_float * (3 * 65 * 16)
            for place in (case.k, case.v):
                numbers.from_address(place)[:] = [1.0] * (3 * 65 * 16)
            roof.run(0)
            self.assertGreater(roof.total, 2 * 3 * 65 * 16 * 0.9)
            self.assertIn(attention.ROOF, attention_worker.makers_of(case))
        self.assertNotIn(attention.ROOF, attention_worker.makers_of(self.case("forward_causal_1_2_50_50_8")))


class QuickRun(unittest.TestCase):
    def test_all_three_files(self):
        with tempfile.TemporaryDirectory() as folder:
            subprocess.run([sys.executable, f"{source}/bench/ops/attention.py", "--quick", "--build", build, "--output", folder, "--python",
                            sys.executable, "--only", "3_33_33"], check=True, stdout=subprocess.DEVNULL)
            with open(f"{folder}/attention.json") as file:
                written = json.load(file)
            with open(f"{folder}/attention.md") as file:
                text = file.read()
            with open(f"{folder}/attention.png", "rb") as file:
                self.assertEqual(file.read(8), b"\x89PNG\r\n\x1a\n")
        self.assertEqual(set(written), {"header", "rows"})
        for key in ("date", "commit", "processor", "flags", "settings", "kerf"):
            self.assertIn(key, written["header"])
        want = set()
        for isa, threads in (("x86-64-v3", 1), ("native", os.cpu_count())):
            for mode in attention.MODES:
                for mask in ("alibi", "table"):
                    case = types.SimpleNamespace(isa=isa, mask=mask, differentiates=mode != "forward")
                    want |= {(mode, 2, 3, 33, 33, 16, mask, isa, threads, peer) for peer in attention_peers.peers_of(case)}
        got = [tuple(one[key] for key in ("mode", *SIZES, "isa", "threads", "peer")) for one in written["rows"]]
        self.assertEqual(len(got), len(want))
        self.assertEqual(set(got), want)
        for one in written["rows"]:
            self.assertGreater(one["fma_fraction"], 0)
            if one["ratio"] is None:
                self.assertEqual(set(one), KEYS | {"reason"})
                self.assertTrue(one["reason"])
            else:
                self.assertEqual(set(one), KEYS)
                self.assertTrue(one["ratio_low"] <= one["ratio"] <= one["ratio_high"], one)
            self.assertIn(one["peer"], text)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
