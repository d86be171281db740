"""./dev answers slips and --help at once: nothing is installed, built or run.

Usage: dev.py <repository>
"""
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(sys.argv.pop(1))


def rows():
    """The models that have a program, by the rows of their folders."""
    text = "".join(path.read_text() for path in sorted(ROOT.glob("models/*/CMakeLists.txt")))
    return re.findall(r"^kerf_model\((\w+)[^)]* PROGRAM ", text, re.M)


def copy_rows(folder):
    for path in ROOT.glob("models/*/CMakeLists.txt"):
        copy = pathlib.Path(folder, path.relative_to(ROOT))
        copy.parent.mkdir(parents=True)
        shutil.copy(path, copy)


class Dev(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        """A copy without packages.txt and build files, in which every further step fails."""
        cls.folder = tempfile.TemporaryDirectory()
        shutil.copy(ROOT / "dev", cls.folder.name)
        shutil.copytree(ROOT / "bench", f"{cls.folder.name}/bench")
        copy_rows(cls.folder.name)

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def run_dev(self, *arguments):
        done = subprocess.run([f"{self.folder.name}/dev", *arguments], capture_output=True, text=True, timeout=60)
        self.assertFalse(pathlib.Path(self.folder.name, "build").exists(), "it went on to build")
        return done

    def test_help_is_help(self):
        for arguments in (["--help"], ["bench", "--help"], ["install", "--help"], ["update", "--help"], ["test", "--help"], []):
            done = self.run_dev(*arguments)
            self.assertEqual(done.returncode, 0, arguments)
            self.assertIn("./dev bench step", done.stdout)
            self.assertEqual(done.stderr, "")

    def test_help_of_a_bench(self):
        for bench, word in (("step", "FMA peak"), ("vq", "--quick")):
            for arguments in (["--help"], ["-h"], ["--quick", "--help"]):
                done = self.run_dev("bench", bench, *arguments)
                self.assertEqual(done.returncode, 0)
                self.assertIn(f"usage: ./dev bench {bench}", done.stdout)
                self.assertIn(word, done.stdout)

    def test_demos_are_the_rows(self):
        self.assertGreater(len(rows()), 3)
        done = self.run_dev("demo", "--list")
        self.assertEqual(done.returncode, 0)
        self.assertEqual([line.split()[0] for line in done.stdout.splitlines()], rows())
        for line in done.stdout.splitlines():
            self.assertRegex(line, r"^\w+ +\w[^\"]{20,}$")

    def test_demos_are_found_by_name(self):
        """Where nothing is to be installed and cmake does nothing, it says what it would build."""
        for arguments, program in ([([name], name) for name in rows()] +
                                   [([], "vqvae"), (["--seed", "1"], "vqvae"), (["ema"], "vqvae_ema"),
                                    (["residual", "--fresh"], "vqvae_residual")]):
            with tempfile.TemporaryDirectory() as folder:
                shutil.copy(ROOT / "dev", folder)
                copy_rows(folder)
                pathlib.Path(folder, "packages.txt").touch()
                cmake = pathlib.Path(folder, "stub/cmake")
                cmake.parent.mkdir()
                cmake.write_text("#!/bin/sh\n")
                cmake.chmod(0o755)
                done = subprocess.run([f"{folder}/dev", "demo", *arguments], capture_output=True, text=True, timeout=60,
                                      env=dict(os.environ, PATH=f"{cmake.parent}:{os.environ['PATH']}"))
                self.assertIn(f"dev: builds bin/{program}\n", done.stdout)

    def test_slips_are_refused(self):
        for arguments, words in ((["bench", "step", "--quick"], "unrecognized arguments: --quick"),
                                 (["bench", "step", "5"], "unrecognized arguments: 5"),
                                 (["bench", "vq", "--pined"], "unrecognized arguments: --pined"),
                                 (["bench", "vq", "--threads", "many"], "invalid int value: 'many'"),
                                 (["bench", "gpt"], "the benchmarks are ./dev bench step and ./dev bench vq"),
                                 (["install"], "say where to"),
                                 (["install", "--prefix", "x"], "it takes one folder and no option"),
                                 (["install", "a", "b"], "it takes one folder and no option"),
                                 (["update", "README.md"], "./dev update takes no arguments, so not 'README.md'"),
                                 (["demo", "none"], f"there is no demo 'none', but these:\n{rows()[0]} "),
                                 (["demo", "e", "--list"], "there is no demo 'e'"),
                                 (["fly"], "there is no command 'fly'")):
            done = self.run_dev(*arguments)
            self.assertNotEqual(done.returncode, 0, arguments)
            self.assertIn(words, done.stderr)


if __name__ == "__main__":
    unittest.main()
