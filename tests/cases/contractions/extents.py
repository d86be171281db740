"""Every op with each of its axes, and each two of them, of extent 0: compiled values and gradients are the oracle's, or
the verifier refuses because there would be no value.

    extents.py KERF_OPT KERF_RUN FOLDER

Writes FOLDER/extents.mlir, all cases that have a value in one module, and FOLDER/refused.mlir.
"""
import itertools
import pathlib
import re
import subprocess
import sys


def tensor(element, *shape):
    return "tensor<" + "".join(f"{n}x" for n in shape) + element + ">"


class Case:
    """One op on the arguments %a, %b ...; `refused`: the verifier's words, if it is to refuse."""

    def __init__(self, op, operands, results, attributes="", types=None, refused=""):
        self.op, self.operands, self.results, self.attributes = op, operands, results, attributes
        self.types, self.refused = types, refused

    def text(self, name):
        names = [f"%{letter}" for letter in "abcdef"[: len(self.operands)]]
        arguments = ", ".join(f"{n}: {t}" for n, t in zip(names, self.operands))
        of = [self.results] if isinstance(self.results, str) else self.results
        results, values = ", ".join(of), ", ".join(["%y", "%z", "%w"][: len(of)])
        types = self.types or ", ".join(t.split(" {")[0] for t in self.operands) + " -> " + results
        expected = f"  // expected-error @+1 {{{{{self.refused}}}}}\n" if self.refused else ""
        operands = self.op.format(*names)
        attributes = " attributes {kerf.no_gradient}" if self.op.split()[0] in ("floor", "round", "sign") else ""
        return (f"func.func @{name}({arguments}) -> ({results}){attributes} {{\n{expected}"
                f"  {values} = kerf.{operands}{self.attributes} : {types}\n  return {values} : {results}\n}}\n")


KEY = 'tensor<2xi32> {kerf.dtype = "uint32"}'
FLOATS, NUMBERS = ("f32", "f64"), ("f32", "f64", "i64", "i32")


def contract(e, n, i, j, k, l):
    """Batch, free, free, two contracted axes; nothing is in the order of a matmul."""
    return Case("contract {}, {}", [tensor(e, k, i, n, l), tensor(e, n, l, j, k)], tensor(e, n, i, j),
                ", a_batch = [2], b_batch = [0], a_contract = [0, 3], b_contract = [3, 1]")


def matmul(e, i, j, k):
    return Case("contract {}, {}", [tensor(e, i, k), tensor(e, k, j)], tensor(e, i, j),
                ", a_batch = [], b_batch = [], a_contract = [1], b_contract = [0]")


def matrix_times_vector(e, i, k):
    return Case("contract {}, {}", [tensor(e, i, k), tensor(e, k)], tensor(e, i),
                ", a_batch = [], b_batch = [], a_contract = [1], b_contract = [0]")


def convolution(op, stride, padding):
    def case(e, n, c, h, w, o, kh, kw):
        oh = (h + 2 * padding[0] - kh) // stride[0] + 1
        ow = (w + 2 * padding[1] - kw) // stride[1] + 1
        refused = "does not fit into" if min(oh, ow) < 1 or not kh or not kw else ""
        x, k, y = tensor(e, n, c, h, w), tensor(e, o, c, kh, kw), tensor(e, n, o, max(oh, 0), max(ow, 0))
        operands, result = {"conv": ((x, k), y), "conv_transpose": ((y, k), x), "conv_filter": ((x, y), k)}[op]
        return Case(op + " {}, {}", operands, result, f", stride = {list(stride)}, padding = {list(padding)}",
                    refused=refused)
    case.__name__ = f"{op}_s{stride[0]}{stride[1]}_p{padding[0]}{padding[1]}"
    return case


def argmin(axis):
    def case(e, i, j, k):
        shape = [i, j, k]
        rest = shape[:axis] + shape[axis + 1:]
        return Case("argmin {}", [tensor(e, *shape)], tensor("i64", *rest), f", axis = {axis}",
                    refused="" if shape[axis] else "is empty, so there is no least element")
    case.__name__ = f"argmin_{axis}"
    return case


def reduction(op, axes):
    def case(e, i, j, k):
        rest = [size for axis, size in enumerate([i, j, k]) if axis not in axes]
        return Case(op + " {}", [tensor(e, i, j, k)], tensor(e, *rest), f", axes = {list(axes)}")
    case.__name__ = op + "_" + "".join(map(str, axes))
    return case


def log_softmax(axis):
    def case(e, i, j, k):
        return Case("log_softmax {}", [tensor(e, i, j, k)], tensor(e, i, j, k), f", axis = {axis}", tensor(e, i, j, k))
    case.__name__ = f"log_softmax_{axis}"
    return case


def iota(e, n):
    return Case("iota", [], tensor(e, n), types=tensor(e, n))


def top_k(e, i, n):
    return Case("top_k {}", [tensor(e, i, n)], tensor("i64", i, 2), ", k = 2",
                refused="" if n else r"k = 2 is outside [1, 0]")


def gather(e, rows, j, i):
    return Case("gather {}, {}", [tensor(e, rows, j), tensor("i64", i)], tensor(e, i, j),
                refused="" if rows else "row")


def scatter_add(e, j, i):
    return Case("scatter_add {}, {}", [tensor(e, i, j), tensor("i64", i)], tensor(e, 5, j), ", rows = 5")


def scatter_add_to_no_rows(e, j, i):
    return Case("scatter_add {}, {}", [tensor(e, i, j), tensor("i64", i)], tensor(e, 0, j), ", rows = 0",
                refused="needs at least one row")


def search(metric):
    def case(e, m, n, k, d):
        return Case("vq {}, {}", [tensor(e, m, n, d), tensor(e, k, d)], tensor("i64", m, n), f', metric = "{metric}"',
                    refused="" if k else "code")
    case.__name__ = "vq_" + metric
    return case


def vq_screened(e, n, d):
    return Case("vq {}, {}", [tensor(e, n * 60, d * 4), tensor(e, 70, d * 4)], tensor("i64", n * 60), ', metric = "l2"')


def vq_heads(e, heads, n, k, d):
    return Case("vq {}, {}", [tensor(e, heads, n, d), tensor(e, heads, k, d)], tensor("i64", heads, n),
                ', metric = "l2"', refused="" if k else "code")


def vq_sampled(metric):
    def case(e, n, k, d):
        z, codebook, t, codes = tensor(e, n, d), tensor(e, k, d), tensor(e), tensor("i64", n)
        return Case("vq_sampled {}, {}, {}, {}, {}", [z, codebook, KEY, "tensor<i64>", t], codes,
                    f', metric = "{metric}", least = 2.98023223876953125e-8', f"{z}, {codebook}, {t} -> {codes}",
                    refused="" if k else "code")
    case.__name__ = "vq_sampled_" + metric
    return case


def draw(op):
    def case(e, i, j):
        return Case(op + " {}, {}", [KEY, "tensor<i64>"], tensor(e, i, j), types=tensor(e, i, j))
    case.__name__ = op
    return case


def elementwise(op, operands=1):
    def case(e, i, j):
        return Case(op + " " + ", ".join(["{}"] * operands), [tensor(e, i, j)] * operands, tensor(e, i, j),
                    types=tensor(e, i, j))
    case.__name__ = op
    return case


def compare(e, i, j):
    return Case("compare {}, {}", [tensor(e, i, j)] * 2, tensor("i1", i, j), ', predicate = "lt"',
                tensor(e, i, j) + " -> " + tensor("i1", i, j))


def select(e, i, j):
    return Case("select {}, {}, {}", [tensor("i1", i, j)] + [tensor(e, i, j)] * 2, tensor(e, i, j),
                types=tensor("i1", i, j) + ", " + tensor(e, i, j))


def cast(e, i, j):
    return Case("cast {}", [tensor(e, i, j)], tensor("i32" if e == "f32" else "f32", i, j))


def broadcast(e, i, j, k):
    return Case("broadcast {}", [tensor(e, i, k)], tensor(e, i, j, k), ", dims = [0, 2]")


def reshape(e, i, j, k):
    return Case("reshape {}", [tensor(e, i, j, k)], tensor(e, j * k, i))


def transpose(e, i, j, k):
    return Case("transpose {}", [tensor(e, i, j, k)], tensor(e, k, i, j), ", permutation = [2, 0, 1]")


def slice_all(e, i, j):
    return Case("slice {}", [tensor(e, i, j)], tensor(e, i, (j + 1) // 2),
                f", offsets = [0, 0], limits = [{i}, {j}], strides = [1, 2]")


def slice_nothing(e, i, j):
    return Case("slice {}", [tensor(e, i, j + 2)], tensor(e, i, 0),
                f", offsets = [0, 1], limits = [{i}, 1], strides = [1, 1]")


def pad(e, i, j):
    """Between no elements is nothing."""
    return Case("pad {}", [tensor(e, i, j)], tensor(e, i + 3, max(3 * j - 2, 0) + 1),
                ", low = [1, 0], high = [2, 1], interior = [0, 2]")


def pad_nothing(e, i, j):
    return Case("pad {}", [tensor(e, i, j)], tensor(e, i, max(2 * j - 1, 0)),
                ", low = [0, 0], high = [0, 0], interior = [0, 1]")


def concat(e, i, j, k):
    return Case("concat({}, {}, {})", [tensor(e, i, j), tensor(e, i, k), tensor(e, i, j)], tensor(e, i, 2 * j + k),
                ", axis = 1", f"({tensor(e, i, j)}, {tensor(e, i, k)}, {tensor(e, i, j)}) -> {tensor(e, i, 2 * j + k)}")


def attention(e, b, m, n, d, c):
    """Batch, queries, keys, features of keys and of values."""
    return Case("attention {}, {}, {}", [tensor(e, b, m, d), tensor(e, b, n, d), tensor(e, b, n, c)],
                [tensor(e, b, m, c), tensor(e, b, m)], ' scale = 0.5, empty = "zero" score {} mask {}')


def attention_vjp(e, b, m, n, d, c):
    q, k, v, row = tensor(e, b, m, d), tensor(e, b, n, d), tensor(e, b, n, c), tensor(e, b, m)
    return Case("attention_vjp {}, {}, {} lse {} delta {} g {}", [q, k, v, row, row, tensor(e, b, m, c)], [q, k, v],
                ' scale = 0.5, empty = "zero", wanted = [] score {} mask {} score_vjp {}')


# What is made of each axis: (function, element types, extents where none is 0).
TABLE = [
    (contract, FLOATS, (2, 3, 5, 4, 2)), (matmul, FLOATS, (7, 17, 5)), (matrix_times_vector, FLOATS, (7, 5)),
    *((convolution(op, stride, padding), FLOATS, (2, 3, 5, 4, 5, 3, 2))
      for op in ("conv", "conv_transpose", "conv_filter")
      for stride, padding in (((1, 1), (0, 0)), ((1, 1), (1, 1)), ((2, 3), (3, 2)), ((4, 4), (1, 0)))),
    *((argmin(axis), NUMBERS, (3, 4, 9)) for axis in range(3)),
    *((reduction(op, axes), NUMBERS, (3, 4, 9)) for op in ("sum", "max") for axes in ((0,), (1,), (2,), (0, 2), (0, 1, 2))),
    *((log_softmax(axis), FLOATS, (3, 4, 9)) for axis in range(3)), (iota, ("i64",), (7,)),
    (top_k, NUMBERS, (3, 9)), (gather, NUMBERS, (5, 3, 7)), (scatter_add, NUMBERS, (3, 7)),
    (scatter_add_to_no_rows, ("f32",), (3, 7)),
    *((search(metric), FLOATS, (2, 7, 17, 5)) for metric in ("l2", "dot", "cosine")),
    (vq_screened, ("f32",), (5, 5)), (vq_heads, FLOATS, (2, 7, 17, 5)),
    *((vq_sampled(metric), ("f32",), (7, 17, 5)) for metric in ("l2", "dot")),
    (draw("uniform"), ("f32",), (3, 7)), (draw("normal"), ("f32",), (3, 7)),
    *((elementwise(op), FLOATS, (3, 17)) for op in "abs cos erf erfc exp expm1 floor gelu_gate log log1p logistic_density neg "
      "round rsqrt sigmoid sign silu sin softplus sqrt stop_gradient tanh".split()),
    *((elementwise(op, 2), NUMBERS, (3, 17)) for op in "add sub mul maximum minimum".split()),
    *((elementwise(op, 2), FLOATS, (3, 17)) for op in "div pow straight_through unless_idle".split()),
    (compare, NUMBERS, (3, 17)), (select, NUMBERS, (3, 17)), (cast, NUMBERS, (3, 17)),
    (broadcast, NUMBERS, (3, 4, 9)), (reshape, NUMBERS, (3, 4, 9)), (transpose, NUMBERS, (3, 4, 9)),
    (slice_all, NUMBERS, (3, 9)), (slice_nothing, NUMBERS, (3, 9)), (pad, NUMBERS, (3, 4)), (pad_nothing, NUMBERS, (3, 4)),
    (concat, NUMBERS, (3, 4, 9)), (attention, FLOATS, (2, 5, 7, 4, 3)), (attention_vjp, FLOATS, (2, 5, 7, 4, 3)),
]

# Without an axis of their own.
LEFT_OUT = {"count", "custom_vjp", "fold_key", "jvp", "rows", "value_and_grad", "yield"}


def cases():
    for make, elements, extents in TABLE:
        axes = range(len(extents))
        for element, zeros in itertools.product(elements, [(a,) for a in axes] + list(itertools.combinations(axes, 2))):
            sizes = [0 if axis in zeros else extent for axis, extent in enumerate(extents)]
            name = f"{make.__name__}_{element}_" + "_".join(map(str, sizes))
            yield name, make(element, *sizes)


def shows_none(op):
    """Does the op's own test, which compares what is compiled, have a case without elements?"""
    text = (pathlib.Path(__file__).parents[2] / "ops" / f"{op}.mlir").read_text()
    return "kerf-run --compare" in text and re.search(rf"kerf\.{op}\b.*\btensor<(?:\d+x)*0x", text)


def main():
    kerf_opt, kerf_run, folder = sys.argv[1], sys.argv[2], pathlib.Path(sys.argv[3])
    folder.mkdir(parents=True, exist_ok=True)
    valued, refused = folder / "extents.mlir", folder / "refused.mlir"
    all_cases = list(cases())
    valued.write_text("".join(case.text(name) for name, case in all_cases if not case.refused))
    refused.write_text("// -----\n".join(case.text(name) for name, case in all_cases if case.refused))
    checks = [[kerf_opt, "-split-input-file", "-verify-diagnostics", "-o", "/dev/null", refused],
              [kerf_run, "--compare", "--timeout", "500", valued]]
    ops = {file.stem for file in (pathlib.Path(__file__).parents[3] / "dsl/ops").glob("*.td")}
    forgotten = ops - LEFT_OUT - {case.op.split()[0].split("(")[0] for _, case in all_cases}
    forgotten = {op for op in forgotten if not shows_none(op)}
    failed = bool(forgotten)
    if forgotten:
        print("neither in the table nor, without elements, in their own tests:", *sorted(forgotten))
    for check in checks:
        done = subprocess.run(check, capture_output=True, text=True)
        failed |= done.returncode != 0
        lines = [line for line in (done.stdout + done.stderr).splitlines() if not line.endswith("agrees")]
        print("\n".join(lines[:50]))
    wanted = [name for name, case in all_cases if not case.refused]
    agreed = {line.split(":")[0].lstrip("@") for line in done.stdout.splitlines() if line.endswith("compiled agrees")}
    missing = [name for name in wanted if name not in agreed]
    if missing:
        print(f"no word of {len(missing)}, as {missing[0]}")
    print(f"{len(wanted)} with a value, {len(all_cases) - len(wanted)} refused")
    sys.exit(failed or bool(missing))


if __name__ == "__main__":
    main()
