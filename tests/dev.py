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


def rows(root=ROOT):
    """The models that have a program, by the rows of their folders."""
    text = "".join(path.read_text() for path in sorted(root.glob("models/*/CMakeLists.txt")))
    return re.findall(r"^kerf_model\((\w+)[^)]* PROGRAM ", text, re.M)


def copy_rows(folder):
    for path in ROOT.glob("models/*/CMakeLists.txt"):
        copy = pathlib.Path(folder, path.relative_to(ROOT))
        copy.parent.mkdir(parents=True)
        shutil.copy(path, copy)


def models_of(names):
    """{what ./dev demo may be told: the models that it fits}"""
    found = {}
    for name in names:
        words = name.split("_")
        for start in range(1, len(words)):
            found.setdefault("_".join(words[start:]), []).append(name)
    return {**found, **{name: [name] for name in names}}


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
        for bench, word in (("step", "FMA peak"), ("systems", "--model"), ("vq", "--quick"), ("attention", "--only")):
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

    def ask(self, folder, *arguments):
        """Where nothing is to be installed and cmake does nothing, ./dev demo says what it would build."""
        shutil.rmtree(folder / "build", ignore_errors=True)
        return subprocess.run([f"{folder}/dev", "demo", *arguments], capture_output=True, text=True, timeout=60,
                              env=dict(os.environ, PATH=f"{folder}/stub:{os.environ['PATH']}"))

    def check_names(self, folder):
        names = rows(folder)
        for word, models in models_of(names).items():
            done = self.ask(folder, word, "--fresh")
            self.assertNotEqual(done.returncode, 0)  # there is nothing to run
            if len(models) == 1:
                self.assertRegex(done.stdout, rf"dev: builds bin/{models[0]}[ \n]")  # behind it the demo whose weights it reads
            else:
                self.assertEqual(done.stderr, f"dev: '{word}' is the last word of more than one demo, so say the whole name: {', '.join(models)}\n")
                self.assertEqual(done.stdout, "")

    def test_demos_are_found_by_name(self):
        with tempfile.TemporaryDirectory() as temporary:
            folder = pathlib.Path(temporary)
            shutil.copy(ROOT / "dev", folder)
            copy_rows(folder)
            (folder / "packages.txt").touch()
            (folder / "stub").mkdir()
            (folder / "stub/cmake").write_text("#!/bin/sh\n")
            (folder / "stub/cmake").chmod(0o755)
            names = rows(folder)
            default = re.search(r"(\w+) without NAME", self.run_dev("--help").stdout)[1]
            self.assertIn(default, names)
            for arguments in ([], ["--seed", "1"], ["--lst"]):
                self.assertIn(f"dev: builds bin/{default}\n", self.ask(folder, *arguments).stdout)
            self.check_names(folder)

            # Another system with variants of the same last words, and a variant whose last word is a model.
            words = [word for word in models_of(names) if word not in names]
            self.assertTrue(words)
            text = "".join(f'kerf_model(other_{word} ENTRIES e.cpp PROGRAM p.cpp\n  DEMO "words")\n' for word in [*words, names[0]])
            (folder / "models/other").mkdir()
            (folder / "models/other/CMakeLists.txt").write_text(text)
            self.check_names(folder)
            self.assertGreater(len(models_of(rows(folder))[words[0]]), len(models_of(names)[words[0]]))

    def test_what_a_demo_stands_on_comes_first(self):
        with tempfile.TemporaryDirectory() as temporary:
            folder = pathlib.Path(temporary)
            shutil.copy(ROOT / "dev", folder)
            (folder / "packages.txt").touch()
            (folder / "models/s").mkdir(parents=True)
            (folder / "models/s/CMakeLists.txt").write_text("".join(
                f'kerf_model({name} ENTRIES e.cpp PROGRAM p.cpp\n  DEMO "words"{after})\n'
                for name, after in (("one", ""), ("two", "\n  AFTER one"))))
            (folder / "stub").mkdir()
            for name, text in (("cmake", ""), ("one", "mkdir -p build/demo/one && touch build/demo/one/weights.safetensors"), ("two", "echo $*")):
                (folder / "stub" / name).write_text(f"#!/bin/sh\n[ {name} = cmake ] || echo {name} runs\n{text}\n")
                (folder / "stub" / name).chmod(0o755)
            # Where cmake builds nothing, the programs have to be there already; one run keeps the folder of the other.
            (folder / "build/bin").mkdir(parents=True)
            for name in ("one", "two"):
                shutil.copy(folder / "stub" / name, folder / "build/bin")
            texts = [subprocess.run([f"{folder}/dev", "demo", name, "--seed", "1"], capture_output=True, text=True, timeout=60,
                                    env=dict(os.environ, PATH=f"{folder}/stub:{os.environ['PATH']}")).stdout for name in ("two", "two", "one")]
            self.assertRegex(texts[0], r"(?s)builds bin/two\n.*builds bin/one\n.*one runs\n.*two runs\n--seed 1\n$")
            self.assertIn("trains one, whose weights two reads", texts[0])
            self.assertNotIn("one runs", texts[1])
            self.assertIn("two runs\n--seed 1\n", texts[1])
            self.assertIn("builds bin/one\n", texts[2])

    def test_slips_are_refused(self):
        for arguments, words in ((["bench", "step", "--quick"], "unrecognized arguments: --quick"),
                                 (["bench", "step", "5"], "unrecognized arguments: 5"),
                                 (["bench", "vq", "--pined"], "unrecognized arguments: --pined"),
                                 (["bench", "vq", "--threads", "many"], "invalid int value: 'many'"),
                                 (["bench", "gpt"], "the benchmarks are ./dev bench step, systems, open, vq and attention"),
                                 (["install"], "say where to"),
                                 (["install", "--prefix", "x"], "it takes one folder and no option"),
                                 (["install", "a", "b"], "it takes one folder and no option"),
                                 (["update", "README.md"], "./dev update takes no arguments, so not 'README.md'"),
                                 (["demo", "none"], f"there is no demo 'none', but these:\n{rows()[0]} "),
                                 (["demo", "none", "--list"], "there is no demo 'none'"),
                                 (["demo", rows()[0][-1], "--list"], f"there is no demo '{rows()[0][-1]}'"),
                                 (["demo", ""], "there is no demo '', but these:"),
                                 (["demo", "--list", "x"], "./dev demo --list takes no arguments, so not 'x'"),
                                 (["fly"], "there is no command 'fly'")):
            done = self.run_dev(*arguments)
            self.assertNotEqual(done.returncode, 0, arguments)
            self.assertIn(words, done.stderr)


if __name__ == "__main__":
    unittest.main()
