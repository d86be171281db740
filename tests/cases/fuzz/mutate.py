"""Mutated .mlir files: whatever they say, kerf-opt, kerf-run and kerf-compile end as tools do that were given a wrong
file, without a crash, within 20 s and 4 GB.

    mutate.py TOOLS FOLDER [--seeds FOLDERS] [--first N] [--count N] [--jobs N]

The seeds are the .mlir files below FOLDERS, one per `// -----` part. Mutant n is the same wherever it is made. Those that
break a tool stay in FOLDER as mutant_<n>.mlir, with what went wrong as their first lines.
"""
import argparse
import concurrent.futures
import glob
import itertools
import os
import random
import re
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time

SECONDS, BYTES = 20, 4 << 30
BATCH = 20
LARGEST_SEED = 8000  # characters
SHOWN = 6  # lines of what a tool said

# As kerf-opt takes them; each batch of mutants gets one.
PASSES = [["-verify-roundtrip"], ["-kerf-compile"], ["-kerf-differentiate", "-canonicalize", "-cse"], ["-canonicalize"],
          ["-kerf-stream-rows=min-elements=1 block-elements=1"], ["-kerf-differentiate", "-kerf-fuse-vq", "-kerf-lower"],
          ["-kerf-decompose", "-kerf-lower"], ["-kerf-differentiate", "-kerf-drop-marks", "-kerf-project-gathered"],
          ["-kerf-expose-decisions"]]

TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[%@#^]?[A-Za-z_][\w.$-]*|-?\d+(?:\.\d+(?:[eE][-+]?\d+)?)?|\s+|->|.', re.S)
NUMBERS = ["0", "1", "2", "-1", "3", "7", "8", "9", "64", "127", "128", "255", "256", "65536", "2147483647", "2147483648",
           "4294967295", "4294967296", "4294967297", "1000000", "46341", "3037000500", "9223372036854775807",
           "-9223372036854775808", "9223372036854775808", "18446744073709551615", "18446744073709551616", "1e400", "-0.0",
           "1e-46", "0x7FC00000", "0xFF800000", "340282356779733661637539395458142568448.0"]
TYPES = ["f32", "f64", "i64", "i32", "i1", "bf16", "f16", "i8", "i128", "i65", "ui32", "si64", "index", "complex<f32>",
         "f8E4M3FN", "tensor<f32>", "vector<4xf32>", "none", "f80", "f128", "i0", "tf32"]
WORDS = ["", "?", "*", "x", "0x", "tensor<*xf32>", "tensor<?xf32>", "tensor<0xf32>", "tensor<4xf32, #enc>", "memref<4xf32>",
         "-1", "inf", "nan", "true", "unit", "dense<>", "dense<0.0>", "dense<[]>", "[]", "{}", "()", "loc(unknown)", "\0",
         "\t", "\xff", '"', '"\\0A"', '"a b"', "private", "%arg0", "@f", "^bb0", "//", "attributes", "return", "kerf.yield",
         "func.func @g()", "builtin.module {", "}", "{", "unrealized_conversion_cast", "llvm.unreachable"]


# ---- mutations -------------------------------------------------------------------------------------------------------


def pieces(rng, text, wanted):
    """All tokens, and the places of those that `wanted` takes."""
    tokens = TOKEN.findall(text)
    return tokens, [i for i, token in enumerate(tokens) if wanted(token)]


def replaced(wanted, other):
    def mutate(rng, text, corpus):
        tokens, places = pieces(rng, text, wanted)
        if places:
            at = rng.choice(places)
            tokens[at] = other(rng, tokens[at])
        return "".join(tokens)

    return mutate


def is_number(token):
    return token.lstrip("-")[:1].isdigit()


def nearby(rng, token):
    try:
        return str(int(token) + rng.choice([-2, -1, 1, 2]))
    except ValueError:
        return rng.choice(NUMBERS)


SHAPED = re.compile(r"(?:\d+x)+(?=[a-z])")


def shape(rng, text, corpus):
    """Another extent in one type, or in all types of its spelling (so that a mutant stays valid now and then)."""
    found = sorted(set(SHAPED.findall(text)))
    if not found:
        return text
    old = rng.choice(found)
    extents = old.split("x")[:-1]
    what = rng.randrange(3)
    if what == 0:
        extents[rng.randrange(len(extents))] = rng.choice(NUMBERS[:26])
    elif what == 1:
        extents.insert(rng.randrange(len(extents) + 1), rng.choice(["0", "1", "2", "4294967296"]))
    else:
        del extents[rng.randrange(len(extents))]
    new = "".join(f"{extent}x" for extent in extents)
    return text.replace("<" + old, "<" + new) if rng.random() < 0.7 else text.replace("<" + old, "<" + new, 1)


def extent(rng, text, corpus):
    """One extent becomes another wherever it stands, in types and attributes: many such mutants are valid."""
    found = sorted(set(re.findall(r"\d+", text)))
    if not found:
        return text
    old, new = rng.choice(found), rng.choice(NUMBERS[:26] if rng.random() < 0.5 else ["0", "1", "2", "3", "17", "33"])
    return re.sub(rf"(?<![\w.%]){old}(?=x|\b)|(?<=x){old}(?=x)", new, text)


def element(rng, text, corpus):
    old, new = rng.choice(["f32", "f64", "i64", "i32", "i1"]), rng.choice(TYPES)
    return re.sub(rf"(?<=[x<]){old}\b", new, text, count=rng.choice([0, 0, 1, 2]))


def lines_of(change):
    def mutate(rng, text, corpus):
        lines = text.split("\n")
        change(rng, lines)
        return "\n".join(lines)

    return mutate


def drop(rng, lines):
    del lines[rng.randrange(len(lines))]


def double(rng, lines):
    lines.insert(rng.randrange(len(lines)), rng.choice(lines))


def swap(rng, lines):
    i, j = rng.randrange(len(lines)), rng.randrange(len(lines))
    lines[i], lines[j] = lines[j], lines[i]


def many(rng, lines):
    at = rng.randrange(len(lines))
    lines[at:at] = [lines[at]] * rng.choice([2, 50, 300])


def splice(rng, text, corpus):
    """A line of another seed."""
    lines = text.split("\n")
    lines.insert(rng.randrange(len(lines)), rng.choice(rng.choice(corpus).split("\n")))
    return "\n".join(lines)


def byte(rng, text, corpus):
    at = rng.randrange(len(text))
    return text[:at] + rng.choice([chr(rng.randrange(256)), "", text[at] * 2]) + text[at + 1:]


def cut(rng, text, corpus):
    at, length = rng.randrange(len(text)), rng.choice([1, 4, 20, 200, len(text)])
    return text[:at] + text[at + length:]


def exchange(rng, text, corpus):
    """One token in place of another of the same file."""
    tokens, places = pieces(rng, text, lambda token: not token.isspace())
    if places:
        tokens[rng.choice(places)] = tokens[rng.choice(places)]
    return "".join(tokens)


def attribute(rng, text, corpus):
    """A list that is longer, shorter, or empty."""
    found = list(re.finditer(r"\[[-\d, ]*\]", text))
    if not found:
        return text
    at = rng.choice(found)
    numbers = re.findall(r"-?\d+", at.group())
    what = rng.randrange(4)
    if what == 0:
        numbers = []
    elif what == 1:
        numbers = (numbers or ["0"]) * rng.choice([2, 9])
    elif numbers:
        numbers[rng.randrange(len(numbers))] = rng.choice(NUMBERS[:26])
    return text[:at.start()] + f"[{', '.join(numbers)}]" + text[at.end():]


def role(rng, text, corpus):
    """Names, roles and dtypes on an argument or result, wherever a type ends."""
    found = [m.end() for m in re.finditer(r"tensor<[^<>]*>(?= *[,)])", text.split("\n  ")[0])]
    if not found:
        return text
    at = rng.choice(found)
    name = rng.choice(["x", "y", "", "a b", "\\22", "int", "float_", "__x", "1x", "a\\0A#define f", "é", "y" * 300, "NULL"])
    key = rng.choice(["kerf.name", "kerf.role", "kerf.dtype", "kerf.range", "kerf.init"])
    value = rng.choice([f'"{name}"', f'"{name}"', "7", "[0, 1]", "[1.0e300, -1.0e300]", "unit", '"uint32"', '"float16"'])
    return text[:at] + f' {{{key} = {value}}}' + text[at:]


# Words that no parser knows end early; half of the mutations are such as a program survives.
ROUGH = [
    replaced(is_number, lambda rng, token: rng.choice(NUMBERS)),
    replaced(lambda t: not t.isspace(), lambda rng, token: rng.choice(WORDS)),
    replaced(lambda t: t in TYPES, lambda rng, token: rng.choice(TYPES)),
    replaced(lambda t: t.startswith("kerf."), lambda rng, token: "kerf." + rng.choice(OPS)),
    replaced(lambda t: t[0] == '"', lambda rng, token: rng.choice(['""', '"lt"', '"dot"', '"\\00"', '"' + "a" * 5000 + '"'])),
    replaced(lambda t: t[0] == "%", lambda rng, token: rng.choice(["%0", "%x", "%y", "%a", "%" + "v" * 3000])),
    shape, exchange, exchange, splice, byte, cut, lines_of(drop), lines_of(drop), lines_of(double), lines_of(swap),
    lines_of(many)]
SUBTLE = [replaced(is_number, nearby), extent, extent, extent, shape, element, attribute, attribute, role, role,
          replaced(lambda t: t.startswith("kerf."), lambda rng, token: "kerf." + rng.choice(OPS))]
OPS = []


HEADER = re.compile(r"func\.func @(\w+)\((.*?)\)(?:\s+-> (\(.*?\)|[^({]+?))? \{$", re.M | re.S)


def as_entries(text):
    """Its functions as entry points, which kerf-compile takes; none if they are already."""
    def header(match):
        name, arguments, results = match.groups()
        arguments = re.sub(r"%(\w+): (tensor<[^<>]*>)(?! \{)", r'%\1: \2 {kerf.name = "\1"}', arguments)
        count = itertools.count()
        results = re.sub(r"tensor<[^<>]*>", lambda m: f'{m.group()} {{kerf.name = "y{next(count)}"}}',
                         (results or "()").strip("()"))
        return f"func.func @{name}({arguments}) -> ({results}) attributes {{kerf.entry}} {{"

    return "" if "kerf.entry" in text else HEADER.sub(header, text)


def functions_of(part):
    """Its functions one by one if it has several, and nothing around them."""
    functions = re.split(r"^(?=func\.func )", part, flags=re.M)
    return functions[1:] if len(functions) > 2 and not functions[0].strip() else [part]


def seeds_of(folders):
    """What the files hold, without comments, in an order that does not depend on the machine. Parts that are about an error
    stand once, others also as entry points."""
    found = []
    for folder in folders:
        for path in sorted(glob.glob(os.path.join(glob.escape(folder), "**", "*.mlir"), recursive=True)):
            with open(path) as file:
                parts = re.split(r"^// -----.*$", file.read(), flags=re.M)
            for part in parts:
                text = "\n".join(line for line in part.split("\n") if not line.lstrip().startswith("//")).strip()
                seeds = [text]
                if "expected-error" not in part:
                    seeds = [form for function in functions_of(text) for form in (function, as_entries(function))]
                found += [seed.strip() + "\n" for seed in seeds if seed.strip() and len(seed) <= LARGEST_SEED]
    return found


def mutant(n, corpus):
    rng = random.Random(n)
    text = rng.choice(corpus)
    for _ in range(rng.choice([1, 1, 1, 1, 2, 3])):
        if text:
            text = rng.choice(rng.choice([ROUGH, SUBTLE]))(rng, text, corpus)
    # MLIR's parser makes room for every result up to the one that %x#n names, before it asks whether there is one.
    return re.sub(r"(%[\w.$-]+#)\d{6,}", r"\g<1>65536", text)


# ---- runs ------------------------------------------------------------------------------------------------------------


def run(command, seconds):
    """Exit code (None: time was up) and what was said. The time is the processors', so that it does not hang on what else the
    machine does; one that waits for nothing is noticed by the clock, later."""
    def limit():
        resource.setrlimit(resource.RLIMIT_AS, (BYTES, BYTES))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))

    try:
        done = subprocess.run(command, capture_output=True, timeout=10 * seconds, preexec_fn=limit, stdin=subprocess.DEVNULL)
    except subprocess.TimeoutExpired:
        return None, ""
    if done.returncode == -signal.SIGXCPU:
        return None, ""
    return done.returncode, (done.stdout[-20000:] + done.stderr[-200000:]).decode(errors="replace")


GAVE_UP = re.compile(r"LLVM ERROR|UNREACHABLE|Assertion|terminate called|AddressSanitizer|runtime error|PLEASE submit a bug")


def wrong(code, text, ordinary):
    """What is wrong with how a tool ended; empty if nothing."""
    if code is None:
        return f"took longer than {SECONDS} s"
    if code not in ordinary:
        return f"exit code {code}"
    found = GAVE_UP.search(text)
    return f"said '{found.group()}'" if found else ""


def complaint(tool, what, text):
    lines = [line for line in text.splitlines() if line.strip()][-SHOWN:]
    return "\n".join([f"{tool}: {what}"] + ["  " + line[:300] for line in lines])


def runs_long(text):
    """A program of large numbers, rounds of a loop say, may run for as long as it says."""
    return any(len(number) > 4 for number in re.findall(r"\d+", text))


class Batch:
    def __init__(self, tools, folder, numbers, corpus):
        self.tools, self.folder, self.numbers = tools, folder, numbers
        self.texts = {n: mutant(n, corpus) for n in numbers}
        self.passes = PASSES[numbers[0] // BATCH % len(PASSES)]
        self.findings = {}
        self.compiled = 0

    def path(self, n):
        return os.path.join(self.folder, f"mutant_{n}.mlir")

    def note(self, n, text):
        self.findings.setdefault(n, []).append(text)

    def opt(self, numbers):
        """kerf-opt on several mutants in one process; each alone if it breaks."""
        path = os.path.join(self.folder, f"batch_{numbers[0]}_{len(numbers)}.mlir")
        with open(path, "w", encoding="latin-1") as file:
            file.write("\n// -----\n".join(self.texts[n] for n in numbers))
        command = [os.path.join(self.tools, "kerf-opt"), "-split-input-file", *self.passes, path]
        code, text = run(command, SECONDS + 1)
        os.remove(path)
        what = wrong(code, text, (0, 1))
        if not what:
            return
        if len(numbers) == 1:
            self.note(numbers[0], complaint(" ".join(command[:-1]), what, text))
            return
        half = len(numbers) // 2
        self.opt(numbers[:half])
        self.opt(numbers[half:])

    def evaluate(self):
        """kerf-run forks a worker for each file, and says of which it died."""
        command = [os.path.join(self.tools, "kerf-run"), "--compare", "--timeout", str(SECONDS)]
        code, text = run(command + [self.path(n) for n in self.numbers], len(self.numbers) * (SECONDS + 1))
        if wrong(code, "", (0, 1)):
            self.note(self.numbers[0], complaint("kerf-run", wrong(code, "", (0, 1)), text))
        for n in self.numbers:
            for line in text.splitlines():
                if line.startswith(f"kerf-run: {self.path(n)}: ") and ("died" in line or "took longer" in line):
                    if "took longer" in line and " in " in line and runs_long(self.texts[n]):
                        continue
                    self.note(n, complaint("kerf-run --compare", line, ""))
        if GAVE_UP.search(text):
            for n in self.numbers:
                code, text = run(command + [self.path(n)], SECONDS + 1)
                if wrong(code, text, (0, 1)):
                    self.note(n, complaint("kerf-run --compare", wrong(code, text, (0, 1)), text))

    def compile(self, n):
        out = os.path.join(self.folder, f"out_{n}")
        command = [os.path.join(self.tools, "kerf-compile"), "--time-limit", str(SECONDS), self.path(n), "-o", out]
        code, text = run(command, SECONDS + 2)
        shutil.rmtree(out, ignore_errors=True)
        self.compiled += code == 0
        if what := wrong(code, text, (0, 1)):
            self.note(n, complaint("kerf-compile", what, text))

    def all(self):
        for n in self.numbers:
            with open(self.path(n), "w", encoding="latin-1") as file:
                file.write(self.texts[n])
        self.opt(self.numbers)
        self.evaluate()
        for n in self.numbers:
            if "kerf.entry" in self.texts[n]:
                self.compile(n)
        for n in self.numbers:
            if n not in self.findings:
                os.remove(self.path(n))
        return self


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("tools")
    parser.add_argument("folder")
    parser.add_argument("--seeds", nargs="+", default=[os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")])
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--jobs", type=int, default=2)
    options = parser.parse_args()
    corpus = seeds_of(options.seeds)
    if not corpus:
        sys.exit(f"mutate.py: there is no .mlir file below {' '.join(options.seeds)}")
    OPS.extend(sorted({name for text in corpus for name in re.findall(r"\bkerf\.(\w+) ", text)}))
    os.makedirs(options.folder, exist_ok=True)
    start, broken, compiled, made = time.monotonic(), 0, 0, 0
    last = options.first + options.count
    with tempfile.TemporaryDirectory(dir=options.folder) as folder, \
            concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        batches = [Batch(options.tools, folder, list(range(n, min(n + BATCH, last))), corpus)
                   for n in range(options.first, last, BATCH)]
        for batch in pool.map(Batch.all, batches):
            compiled += batch.compiled
            made += len(batch.numbers)
            for n, texts in batch.findings.items():
                broken += 1
                kept = os.path.join(options.folder, f"mutant_{n}.mlir")
                with open(kept, "w", encoding="latin-1") as file:
                    file.write("".join(f"// {line}\n" for line in "\n".join(texts).splitlines()) + batch.texts[n])
                print(f"{kept}:", *("\n".join(texts)).splitlines(), sep="\n  ", flush=True)
            if sys.stdout.isatty():
                print(f"\r{made} mutants, {broken} findings", end="", flush=True)
    print(f"{made} mutants of {len(corpus)} parts, {compiled} of them compiled, {broken} broke a tool, "
          f"{time.monotonic() - start:.0f} s")
    sys.exit(broken > 0)


if __name__ == "__main__":
    main()
