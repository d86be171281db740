"""One attention, in every combination of spellings: kerf-fuse-attention makes one op of all of them, letter by letter, and
the oracle says that the op is what was written. So it does of the functions of other files."""
import itertools
import math
import random
import re
import subprocess
import sys
import tempfile

B, H, M, N, D, E = 2, 3, 4, 5, 6, 2
SIZES = dict(b=B, h=H, i=M, j=N, d=D, e=E)
SCALE = 0.25


class Text:
    """A function, op by op; a tensor is its name, and its axes as letters."""

    def __init__(self):
        self.lines, self.count = [], 0

    def type(self, axes, element="f32"):
        return "tensor<" + "".join(f"{SIZES.get(axis, 1)}x" for axis in axes) + element + ">"

    def op(self, text):
        self.count += 1
        self.lines.append(f"  %{self.count} = {text}")
        return f"%{self.count}"

    def number(self, number, axes, element="f32"):
        return self.op(f"arith.constant dense<{number}> : {self.type(axes, element)}")

    def binary(self, name, a, b, axes, element="f32"):
        return self.op(f"kerf.{name} {a}, {b} : {self.type(axes, element)}")

    def unary(self, name, a, axes):
        return self.op(f"kerf.{name} {a} : {self.type(axes)}")

    def scaled(self, name, x, number, axes):
        return self.binary(name, x, self.number(number, axes), axes)

    def moved(self, x, axes, to, element="f32"):
        if axes == to:
            return x
        order = [axes.index(axis) for axis in to]
        return self.op(f"kerf.transpose {x}, permutation = {order} : {self.type(axes, element)} -> {self.type(to, element)}")

    def spread(self, x, axes, to, element="f32"):
        """`axes` in the order of `to`."""
        dims = [to.index(axis) for axis in axes]
        return self.op(f"kerf.broadcast {x}, dims = {dims} : {self.type(axes, element)} -> {self.type(to, element)}")

    def reduced(self, name, x, axes):
        rest = axes.replace("j", "")
        return self.op(f"kerf.{name} {x}, axes = [{axes.index('j')}] : {self.type(axes)} -> {self.type(rest)}"), rest

    def product(self, a, of_a, b, of_b, batch, summed):
        """The axes come as kerf.contract has them: batch, free of a, free of b."""
        places = ", ".join(f"{which}_{kind} = {[of.index(axis) for axis in axes]}"
                           for kind, axes in (("batch", batch), ("contract", summed))
                           for which, of in (("a", of_a), ("b", of_b)))
        result = batch + "".join(axis for axis in of_a + of_b if axis not in batch + summed)
        return self.op(f"kerf.contract {a}, {b}, {places} : {self.type(of_a)}, {self.type(of_b)} -> {self.type(result)}"), result


def place(text, axis, axes):
    iota = text.op(f"kerf.iota : {text.type(axis, 'i64')}")
    return text.spread(iota, axis, axes, "i64")


def seen(text, form, axes):
    """j <= i + 1"""
    i, j = place(text, "i", axes), place(text, "j", axes)
    def compare(a, b, predicate):
        return text.op(f'kerf.compare {a}, {b}, predicate = "{predicate}" : {text.type(axes, "i64")} -> {text.type(axes, "i1")}')
    one, two = (text.number(number, axes, "i64") for number in (1, 2))
    if form == "le":
        return compare(j, text.binary("add", i, one, axes, "i64"), "le")
    if form == "gt":
        return compare(text.binary("add", two, i, axes, "i64"), j, "gt")
    return compare(text.binary("sub", i, j, axes, "i64"), text.op(f"kerf.neg {one} : {text.type(axes, 'i64')}"), "ge")


def masked(text, form, comparison, s, axes):
    infinite = text.number("0xFF800000", axes)
    if form == "none":
        return s
    condition = seen(text, comparison, axes)
    of = f"{text.type(axes, 'i1')}, {text.type(axes)}"
    if form == "select":
        return text.op(f"kerf.select {condition}, {s}, {infinite} : {of}")
    if form == "not":
        other = text.op(f"kerf.bit_not {condition} : {text.type(axes, 'i1')}")
        return text.op(f"kerf.select {other}, {infinite}, {s} : {of}")
    zero = text.number("0.0", axes)
    added = text.op(f"kerf.select {condition}, {zero}, {infinite} : {of}")
    return text.binary("add", *((s, added) if form == "add" else (added, s)), axes)


def weights(text, form, s, axes):
    """The softmax along j, or what it is before it is divided and what by."""
    if form == "log_softmax":
        log = text.op(f"kerf.log_softmax {s}, axis = {axes.index('j')} : {text.type(axes)}")
        return text.unary("exp", log, axes), None
    if form == "bare":
        shifted = s
    else:
        most, rest = text.reduced("max", s, axes)
        if form == "stopped":
            most = text.unary("stop_gradient", most, rest)
        shifted = text.binary("sub", s, text.spread(most, rest, axes), axes)
    e = text.unary("exp", shifted, axes)
    if form == "log_of_sum":
        total, rest = text.reduced("sum", e, axes)
        less = text.spread(text.unary("log", total, rest), rest, axes)
        return text.unary("exp", text.binary("sub", shifted, less, axes), axes), None
    again = text.unary("exp", shifted, axes) if form == "twice" else e
    return e, text.reduced("sum", again, axes)


SPELLINGS = dict(
    first=["queries", "keys"], layout=["bhij", "bhji", "hbij", "jbih"],
    scale=["q", "k", "behind", "divided", "both"], bias=["behind", "before"],
    mask=["select", "not", "add", "before"], comparison=["le", "gt", "ge"],
    softmax=["plain", "stopped", "bare", "twice", "log_softmax", "log_of_sum"],
    division=["weights", "reciprocal", "result"], last=["weights", "values"])


def spelled(name, first, layout, scale, bias, mask, comparison, softmax, division, last):
    text = Text()
    q, k, v = "%q", "%k", "%v"
    if scale in ("q", "both"):
        q = text.scaled("mul", q, SCALE if scale == "q" else 4 * SCALE, "bihd")
    if scale in ("k", "both"):
        k = text.scaled("mul", k, SCALE if scale == "k" else 1 / 4, "bjhd")
    sides = [(q, "bihd"), (k, "bjhd")]
    (a, of_a), (b, of_b) = sides if first == "queries" else sides[::-1]
    s, axes = text.product(a, of_a, b, of_b, "bh", "d")
    if scale == "behind":
        s = text.scaled("mul", s, SCALE, axes)
    if scale == "divided":
        s = text.scaled("div", s, 1 / SCALE, axes)
    s, axes = text.moved(s, axes, layout), layout
    added = text.spread(text.moved("%bias", "hij", "".join(axis for axis in axes if axis != "b")),
                        "".join(axis for axis in axes if axis != "b"), axes)
    s = text.binary("add", *((s, added) if bias == "behind" else (added, s)), axes)
    s = masked(text, mask, comparison, s, axes)
    w, sums = weights(text, softmax, s, axes)
    def divided(x, axes, to):
        total, rest = sums
        if division == "reciprocal":
            return text.binary("mul", text.spread(text.binary("div", text.number("1.0", rest), total, rest), rest, to), x, to)
        return text.binary("div", x, text.spread(total, rest, to), to)
    if sums and division != "result":
        w = divided(w, axes, axes)
    sides = [(w, axes), (v, "bjhe")]
    (a, of_a), (b, of_b) = sides if last == "weights" else sides[::-1]
    o, axes = text.product(a, of_a, b, of_b, "bh", "j")
    if sums and division == "result":
        rest = sums[1]
        to = rest + "e"
        o, axes = divided(text.moved(o, axes, to), axes, to), to
    o = text.moved(o, axes, "bihe")
    inputs = f"%q: {text.type('bihd')}, %k: {text.type('bjhd')}, %v: {text.type('bjhe')}, %bias: {text.type('hij')}"
    return "\n".join([f"func.func @{name}({inputs}) -> {text.type('bihe')} {{", *text.lines, f"  return {o} : {text.type('bihe')}", "}"])


def formed(function):
    """The op and its regions, with names in the order in which they come."""
    lines = function.splitlines()
    first = next((i for i, line in enumerate(lines) if "kerf.attention" in line), None)
    if first is None:
        return "not formed:\n" + function
    last = next(i for i in range(first, len(lines)) if ") -> " in lines[i] or "} : " in lines[i])
    names = {}
    rename = lambda match: names.setdefault(match[0], f"%{len(names)}")
    return re.sub(r"%[\w$.-]+", rename, "\n".join(lines[first:last + 1]))


def functions(module):
    return re.findall(r"^  ?func\.func .*?^  }$|^func\.func .*?^}$", module, re.S | re.M)


def run(*command):
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"{' '.join(command)}: {done.returncode}\n{done.stderr[-2000:]}")
    return done.stdout


def numbers(text):
    return [float(x) for x in re.findall(r"(?<![\w@%.])-?(?:\d+(?:\.\d+)?(?:e[-+]\d+)?|nan|inf)(?![\w:])", text)]


def require_equal_values(kerf_opt, kerf_run, plain, fused):
    """The oracle's values of a file before and after the pass, which leaves them in `fused`."""
    run(kerf_opt, plain, "-kerf-fuse-attention", "-canonicalize", "-cse", "-o", fused)
    before, after = (numbers(run(kerf_run, "--mode", "f64", "--limit", "1000", file)) for file in (plain, fused))
    assert len(before) == len(after) > 0, (plain, len(before), len(after))
    for x, y in zip(before, after):
        assert math.isclose(x, y, rel_tol=1e-5, abs_tol=1e-6) or math.isnan(x) and math.isnan(y), (plain, x, y)
    return len(before)


def main(kerf_opt, kerf_run, *files):
    chosen = random.Random(13).sample(list(itertools.product(*SPELLINGS.values())), 400)
    texts = [spelled(f"f{i}", *choice) for i, choice in enumerate(chosen)]
    with tempfile.TemporaryDirectory() as folder:
        plain, fused = f"{folder}/plain.mlir", f"{folder}/fused.mlir"
        with open(plain, "w") as file:
            file.write("\n".join(texts))
        count = require_equal_values(kerf_opt, kerf_run, plain, fused)
        assert count == len(chosen) * B * M * H * E, count
        with open(fused) as file:
            ops = [formed(function) for function in functions(file.read())]
        assert len(ops) == len(chosen), (len(ops), len(chosen))
        for choice, op in zip(chosen, ops):
            if op != ops[0]:
                sys.exit(f"{dict(zip(SPELLINGS, choice))}\n{op}\nis not\n{dict(zip(SPELLINGS, chosen[0]))}\n{ops[0]}")
        for file in files:
            require_equal_values(kerf_opt, kerf_run, file, fused)
    print(f"{len(chosen)} spellings of one op")


if __name__ == "__main__":
    main(*sys.argv[1:])
