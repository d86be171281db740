"""The form of what ./dev bench vq writes, from a quick run with this interpreter, which may have no peer at all.

    vq.py SOURCE BUILD
"""
import json
import os
import subprocess
import sys
import tempfile
import unittest

source, build = sys.argv[1:3]
sys.path[:0] = [f"{source}/bench/ops", f"{source}/bench"]
import report  # noqa: E402
import vq  # noqa: E402
import vq_peers  # noqa: E402
import vq_worker  # noqa: E402

KEYS = {"mode", "n", "k", "d", "isa", "threads", "peer", "ratio", "ratio_low", "ratio_high", "fma_fraction"}


def samples(peer_seconds, kerf_seconds):
    return dict(mode="forward", n=7, k=5, d=3, isa="x86-64-v3", threads=1, peer="p call", fma_fraction=0.5, peer_seconds=peer_seconds,
                kerf_seconds=kerf_seconds)


class Rows(unittest.TestCase):
    def test_the_ratio_is_the_peers_time_over_kerfs(self):
        row = report.row_of(samples([3.0, 3.0, 6.0], [1.0, 1.5, 1.5]))
        self.assertEqual(set(row), KEYS)
        self.assertEqual(row["ratio"], 2.0)
        self.assertLessEqual(row["ratio_low"], 2.0)
        self.assertGreaterEqual(row["ratio_high"], 2.0)

    def test_the_table_has_means_and_reasons(self):
        kerf = [dict(n=n, k=5, d=3, seconds=0.001, fma_fraction=0.5, arena_bytes=1e6) for n in (7, 8)]
        rows = [dict(report.row_of(samples([ratio], [1.0])), n=n) for n, ratio in ((7, 2.0), (8, 8.0))]
        rows += [dict(row, peer="q call", ratio=None, reason="no such package") for row in rows]
        text = "\n".join(report.table(rows, kerf, "N x K x D", vq.shape_of))
        self.assertIn("| geometric mean | | | | 4.00 | none | 4.00 |", text)
        self.assertIn("- q call: no such package", text)

    def test_pinned_peers_are_told_so_and_others_are_not(self):
        self.assertEqual(report.environment("x86-64-v3", 1)["FAISS_SIMD_LEVEL"], "AVX2")
        self.assertEqual(report.environment("x86-64-v3", 1)["OMP_NUM_THREADS"], "1")
        self.assertNotIn("ATEN_CPU_CAPABILITY", report.environment("native", 2))


class Checks(unittest.TestCase):
    """Answers that are wrong are never timed."""

    @classmethod
    def setUpClass(cls):
        cls.library = vq_worker.load(f"{build}/bench/bench_vq_quick.so")
        with open(f"{build}/bench/kerf/bench_vq_quick/bench_vq_quick.json") as file:
            cls.model = json.load(file)
        cls.entries = {entry["name"]: entry for entry in cls.model["entries"]}

    def case(self, name):
        case = vq_worker.Case(self.library, self.entries[name], self.model, "native", 2, self.library.bench_pool(2))
        self.addCleanup(case.free)
        return case

    def test_a_row_without_its_nearest_code(self):
        case = self.case("forward_193_65_40")
        self.assertEqual(vq_worker.check(case, case), {"ties": 0})
        codes = vq_worker.ctypes.c_int64 * case.n
        for row, code in ((192, 64), (0, -1), (5, 65)):
            wrong = codes.from_buffer_copy(codes.from_address(case.codes))
            wrong[row] = code if wrong[row] != code else code - 1
            class Wrong:
                run, codes = staticmethod(lambda i: None), vq_worker.ctypes.addressof(wrong)
            with self.assertRaisesRegex(ArithmeticError, "1 of 193 codes are not the nearest"):
                vq_worker.check(case, Wrong)

    def test_a_step_that_leaves_another_state(self):
        case = self.case("train_193_65_40")
        self.assertLess(vq_worker.check(case, case)["error"], 1e-6)
        for place in (*case.state, case.places["gradient"], case.places["loss"]):
            number = vq_worker.ctypes.c_float.from_address(place)
            right, number.value = number.value, number.value * 1.1 + 0.1
            class Wrong:
                run, codes, step = staticmethod(lambda i: None), case.codes, case.step
            with self.assertRaisesRegex(ArithmeticError, "relative L2 error"):
                vq_worker.check(case, Wrong)
            number.value = right


class QuickRun(unittest.TestCase):
    def test_all_three_files(self):
        with tempfile.TemporaryDirectory() as folder:
            subprocess.run([sys.executable, f"{source}/bench/ops/vq.py", "--quick", "--build", build, "--output", folder, "--python",
                            sys.executable], check=True, stdout=subprocess.DEVNULL)
            with open(f"{folder}/vq.json") as file:
                written = json.load(file)
            with open(f"{folder}/vq.md") as file:
                text = file.read()
            with open(f"{folder}/vq.png", "rb") as file:
                self.assertEqual(file.read(8), b"\x89PNG\r\n\x1a\n")
        self.assertEqual(set(written), {"header", "rows"})
        for key in ("date", "commit", "processor", "flags", "settings", "kerf"):
            self.assertIn(key, written["header"])
        peers = {(mode, peer) for mode in vq_peers.PEERS for peer in vq_peers.PEERS[mode]}
        settings = [("x86-64-v3", 1), ("native", os.cpu_count())]
        want = {(*shape, *setting, *peer) for shape in ((256, 64, 32), (193, 65, 40)) for setting in settings for peer in peers}
        got = [(row["n"], row["k"], row["d"], row["isa"], row["threads"], row["mode"], row["peer"]) for row in written["rows"]]
        self.assertEqual(len(got), len(want))
        self.assertEqual(set(got), want)
        for row in written["rows"]:
            self.assertGreater(row["fma_fraction"], 0)
            if row["ratio"] is None:
                self.assertEqual(set(row), KEYS | {"reason"})
                self.assertIsNone(row["ratio_low"])
                self.assertTrue(row["reason"])
            else:
                self.assertEqual(set(row), KEYS)
                self.assertTrue(row["ratio_low"] <= row["ratio"] <= row["ratio_high"], row)
            self.assertIn(row["peer"], text)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
