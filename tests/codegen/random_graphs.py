"""Random entries, compiled and compared with the oracle: what fuses, which buffers share memory, which results are
computed in place and what loops carry differs in each of them.

    random_graphs.py KERF_RUN FOLDER [--seeds FIRST:LAST] [--entries N] [--ops N]

Writes FOLDER/random_<seed>.mlir and runs `kerf-run --compare` on it; the file of a failure is its reproducer.
"""
import argparse
import itertools
import math
import os
import random
import subprocess
import sys

EXTENTS = [1, 2, 3, 4, 5, 7, 8, 16, 17, 33]
LARGEST = 3000  # elements of a tensor


class Value:
    def __init__(self, name, shape, element="f32"):
        self.name, self.shape, self.element = name, tuple(shape), element

    @property
    def type(self):
        return "tensor<" + "".join(f"{n}x" for n in self.shape) + self.element + ">"


class Block:
    """Ops on the values that are there. They stay near 1 in size, so that no rounding is magnified. In a loop there
    are no decisions, which the oracle could not follow."""

    def __init__(self, rng, values, names, depth=0):
        self.rng, self.values, self.names, self.depth, self.lines = rng, values, names, depth, []

    def fill(self, ops):
        steps = [self.unary, self.binary, self.binary, self.broadcast, self.reduce, self.reduce, self.transpose,
                 self.reshape, self.slice, self.pad, self.concat, self.contract, self.cast]
        if self.depth == 0:
            steps += [self.select, self.rows]
        if self.depth < 2:
            steps += [self.repeat, self.repeat]
        while len(self.lines) < ops:
            self.rng.choice(steps)()

    def shape(self):
        while True:
            shape = [self.rng.choice(EXTENTS) for _ in range(self.rng.randint(0, 4))]
            if math.prod(shape) <= LARGEST:
                return shape

    def pick(self, rank=0):
        found = [v for v in self.values[-8:] + self.values[:4] if len(v.shape) >= rank and v.element == "f32"]
        return self.rng.choice(found) if found else None

    def add(self, text, shape, element="f32", types=""):
        value = Value(f"v{next(self.names)}", shape, element)
        self.lines.append(f"  %{value.name} = kerf.{text} : {types}{value.type}")
        if element == "f32":
            self.values.append(value)
        return value

    def constant(self, shape, number=None):
        value = Value(f"v{next(self.names)}", shape)
        number = self.rng.choice([0.5, -1.25, 0.0, 2.0]) if number is None else number
        self.lines.append(f"  %{value.name} = arith.constant dense<{number:e}> : {value.type}")
        return value

    def bounded(self, value):
        return self.add(f"tanh %{value.name}", value.shape)

    def alike(self, a):
        found = [v for v in self.values if v.shape == a.shape]
        return self.constant(a.shape) if self.rng.random() < 0.2 else self.rng.choice(found)

    def unary(self):
        x = self.pick()
        op = self.rng.choice(["neg", "tanh", "abs", "sqrt"] + ["exp", "floor"] * (self.depth == 0))
        if op == "sqrt":
            x = self.add(f"abs %{x.name}", x.shape)
        y = self.add(f"{op} %{x.name}", x.shape)
        if op == "exp":
            self.bounded(y)

    def binary(self):
        a = self.pick()
        b = self.alike(a)
        op = self.rng.choice(["add", "sub", "mul", "maximum", "minimum"])
        y = self.add(f"{op} %{a.name}, %{b.name}", a.shape)
        if op in ("add", "sub", "mul"):
            self.bounded(y)

    def select(self):
        a = self.pick()
        b, c = self.alike(a), self.alike(a)
        predicate = self.rng.choice(["lt", "le", "gt", "ge", "eq", "ne"])
        p = self.add(f"compare %{a.name}, %{b.name}, predicate = \"{predicate}\"", a.shape, "i1", f"{a.type} -> ")
        self.add(f"select %{p.name}, %{c.name}, %{a.name}", a.shape, types=f"{p.type}, ")

    def broadcast(self):
        x = self.pick()
        shape, dims = list(x.shape), list(range(len(x.shape)))
        for _ in range(self.rng.randint(1, 2)):
            at = self.rng.randint(0, len(shape))
            shape.insert(at, self.rng.choice(EXTENTS))
            dims = [d + (d >= at) for d in dims]
        if math.prod(shape) <= LARGEST and len(shape) <= 5:
            self.add(f"broadcast %{x.name}, dims = {dims}", shape, types=f"{x.type} -> ")

    def reduce(self):
        x = self.pick(1)
        if not x:
            return
        axes = sorted(self.rng.sample(range(len(x.shape)), self.rng.randint(1, len(x.shape))))
        rest = [n for i, n in enumerate(x.shape) if i not in axes]
        if self.rng.random() < 0.3:
            self.add(f"max %{x.name}, axes = {axes}", rest, types=f"{x.type} -> ")
        else:
            self.bounded(self.add(f"sum %{x.name}, axes = {axes}", rest, types=f"{x.type} -> "))

    def transpose(self):
        x = self.pick(2)
        if x:
            order = self.rng.sample(range(len(x.shape)), len(x.shape))
            self.add(f"transpose %{x.name}, permutation = {order}", [x.shape[i] for i in order], types=f"{x.type} -> ")

    def reshape(self):
        x = self.pick()
        size = math.prod(x.shape)
        divisors = [d for d in range(1, size + 1) if size % d == 0]
        first = self.rng.choice(divisors)
        shape = self.rng.choice([[size], [first, size // first], [1, first, size // first], [first, 1, size // first]])
        self.add(f"reshape %{x.name}", shape, types=f"{x.type} -> ")

    def slice(self):
        x = self.pick(1)
        if not x:
            return
        offsets = [self.rng.randint(0, n - 1) for n in x.shape]
        limits = [self.rng.randint(o + 1, n) for o, n in zip(offsets, x.shape)]
        strides = [self.rng.choice([1, 1, 2, 3]) for _ in x.shape]
        shape = [-(-(l - o) // s) for o, l, s in zip(offsets, limits, strides)]
        self.add(f"slice %{x.name}, offsets = {offsets}, limits = {limits}, strides = {strides}", shape,
                 types=f"{x.type} -> ")

    def pad(self):
        x = self.pick(1)
        if not x:
            return
        low, high, interior = ([self.rng.choice([0, 0, 1, 2]) for _ in x.shape] for _ in range(3))
        shape = [n + l + h + (n - 1) * i for n, l, h, i in zip(x.shape, low, high, interior)]
        if math.prod(shape) <= LARGEST:
            self.add(f"pad %{x.name}, low = {low}, high = {high}, interior = {interior}", shape, types=f"{x.type} -> ")

    def concat(self):
        a = self.pick(1)
        if not a:
            return
        axis = self.rng.randrange(len(a.shape))
        parts = [v for v in self.values if len(v.shape) == len(a.shape) and
                 all(i == axis or m == n for i, (m, n) in enumerate(zip(v.shape, a.shape)))]
        parts = [self.rng.choice(parts) for _ in range(self.rng.randint(1, 2))] + [a]
        shape = list(a.shape)
        shape[axis] = sum(p.shape[axis] for p in parts)
        if math.prod(shape) <= LARGEST:
            self.add(f"concat({', '.join('%' + p.name for p in parts)}), axis = {axis}", shape,
                     types=f"({', '.join(p.type for p in parts)}) -> ")

    def contract(self):
        a = self.pick(2)
        if not a:
            return
        axis = self.rng.randrange(len(a.shape))
        b = self.rng.choice([v for v in self.values if a.shape[axis] in v.shape])
        other = b.shape.index(a.shape[axis])
        shape = [n for i, n in enumerate(a.shape) if i != axis] + [n for i, n in enumerate(b.shape) if i != other]
        if math.prod(shape) <= LARGEST and len(shape) <= 5:
            self.bounded(self.add(f"contract %{a.name}, %{b.name}, a_batch = [], b_batch = [], a_contract = [{axis}], "
                                  f"b_contract = [{other}]", shape, types=f"{a.type}, {b.type} -> "))

    def rows(self):
        x = self.pick(2)
        if not x:
            return
        if self.rng.random() < 0.5:
            axis = self.rng.randrange(len(x.shape))
            rest = [n for i, n in enumerate(x.shape) if i != axis]
            index = self.add(f"argmin %{x.name}, axis = {axis}", rest, "i64", f"{x.type} -> ")
        else:
            rest = list(x.shape[:-1]) + [self.rng.randint(1, x.shape[-1])]
            index = self.add(f"top_k %{x.name}, k = {rest[-1]}", rest, "i64", f"{x.type} -> ")
        if math.prod(rest) * math.prod(x.shape[1:]) <= LARGEST and 2 * len(x.shape) <= 6:
            self.add(f"gather %{x.name}, %{index.name}", list(rest) + list(x.shape[1:]), types=f"{x.type}, {index.type} -> ")

    def cast(self):
        x = self.pick()
        wide = self.add(f"cast %{x.name}", x.shape, "f64", f"{x.type} -> ")
        wide = self.add(f"mul %{wide.name}, %{wide.name}", x.shape, "f64")
        self.bounded(self.add(f"cast %{wide.name}", x.shape, types=f"{wide.type} -> "))

    def mixed(self, a, b):
        """a + mean(b), bounded: of a's shape, and all of b counts."""
        if b.shape:
            size = math.prod(b.shape)
            b = self.add(f"sum %{b.name}, axes = {list(range(len(b.shape)))}", [], types=f"{b.type} -> ")
            b = self.add(f"mul %{b.name}, %{self.constant([], 1 / size).name}", [])
        if a.shape:
            b = self.add(f"broadcast %{b.name}, dims = []", a.shape, types=f"{b.type} -> ")
        return self.bounded(self.add(f"add %{a.name}, %{b.name}", a.shape))

    def next(self, carried):
        """What is yielded for one of the carried values."""
        alike = [v for v in self.values if v.shape == carried.shape][-5:]
        if self.rng.random() < 0.4:
            return self.rng.choice(alike + [carried])
        return self.mixed(self.rng.choice(alike), self.rng.choice(self.values))

    def repeat(self):
        """Carried values may be one value twice, trade places, be kept, or become a capture."""
        outer = [self.pick() for _ in range(self.rng.randint(1, 4))]
        carried = [Value(f"c{next(self.names)}", v.shape) for v in outer]
        held = [self.pick() for _ in range(self.rng.randint(0, 3))]
        captures = [Value(f"c{next(self.names)}", v.shape) for v in held]
        body = Block(self.rng, carried + captures, self.names, self.depth + 1)
        body.fill(self.rng.randint(0, 8))
        yields = [body.next(c) for c in carried]
        bind = lambda inner, values: ", ".join(f"%{i.name} = %{v.name} : {v.type}" for i, v in zip(inner, values))
        results = [Value(f"v{next(self.names)}", v.shape) for v in outer]
        listed = lambda values: ", ".join(f"%{v.name}" for v in values)
        self.lines += [f"  {listed(results)} = kerf.repeat count = {self.rng.choice([0, 1, 2, 3, 3])} "
                       f"index %i{next(self.names)} carried({bind(carried, outer)}) captures({bind(captures, held)}) {{",
                       *(f"  {line}" for line in body.lines),
                       f"    kerf.yield {listed(yields)} : {', '.join(v.type for v in yields)}", "  }"]
        self.values += results


class Entry(Block):
    """One function."""

    def __init__(self, name, rng, ops):
        super().__init__(rng, [], itertools.count())
        self.name = name
        self.arguments = [Value(f"x{i}", self.shape()) for i in range(rng.randint(1, 4))]
        state = self.shape()
        self.leaves = [Value(f"s{i}", state) for i in range(rng.randint(0, 3))]
        self.values += self.arguments + self.leaves
        self.fill(ops)

    def text(self):
        role = f'kerf.role = "state_{self.name}", '
        arguments = [f'%{v.name}: {v.type} {{kerf.name = "{v.name}"}}' for v in self.arguments]
        arguments += [f'%{v.name}: {v.type} {{{role}kerf.name = "{v.name}"}}' for v in self.leaves]
        results = []
        for leaf in self.leaves:  # any value of this shape: permuted, shared, kept or computed
            results.append((self.rng.choice([v for v in self.values if v.shape == leaf.shape][-6:] + [leaf]),
                            f'{role}kerf.name = "{leaf.name}"'))
        chosen = {v.name: v for v in self.values[-4:] + self.rng.sample(self.values, min(3, len(self.values)))}
        results += [(v, f'kerf.name = "y{i}"') for i, v in enumerate(chosen.values())]
        types = ", ".join(f"{v.type} {{{attributes}}}" for v, attributes in results)
        last = f"  return {', '.join('%' + v.name for v, _ in results)} : {', '.join(v.type for v, _ in results)}"
        return "\n".join([f"func.func @{self.name}({', '.join(arguments)}) -> ({types}) attributes {{kerf.entry}} {{",
                          *self.lines, last, "}"])


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("kerf_run")
    parser.add_argument("folder")
    parser.add_argument("--seeds", default="0:8")
    parser.add_argument("--entries", type=int, default=16)
    parser.add_argument("--ops", type=int, default=30)
    options = parser.parse_args()
    first, last = map(int, options.seeds.split(":"))
    os.makedirs(options.folder, exist_ok=True)
    failed = []
    for seed in range(first, last):
        rng = random.Random(seed)
        path = os.path.join(options.folder, f"random_{seed}.mlir")
        with open(path, "w") as file:
            for i in range(options.entries):
                file.write(Entry(f"graph{i}", rng, options.ops).text() + "\n\n")
        run = subprocess.run([options.kerf_run, "--compare", "--tolerance", "1e-4", path], capture_output=True, text=True)
        if run.returncode:
            wrong = [line for line in (run.stdout + run.stderr).splitlines() if not line.endswith("compiled agrees")]
            failed.append("\n  ".join([f"{path}: exit code {run.returncode}", *wrong[:6]]))
    print("\n".join(failed) or f"{(last - first) * options.entries} random entries agree with the oracle")
    sys.exit(bool(failed))


if __name__ == "__main__":
    main()
