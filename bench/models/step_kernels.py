"""Cuts the convolutions, contractions and searches for the nearest code out of an entry: each distinct one becomes an
entry of its own, to be timed with everything it needs (packing, im2col). Reads what kerf-opt printed after the passes
-kerf-differentiate -canonicalize -cse -kerf-fuse-vq.

    step_kernels.py FUSED.mlir ENTRY OUTPUT.mlir OUTPUT.inc
"""
import math
import re
import sys

OP = re.compile(r"= kerf\.(conv|conv_transpose|conv_filter|contract|vq) %[\w#:]+, %[\w#:]+, (.*) : (tensor<\S+>), (tensor<\S+>) -> (tensor<\S+>)")


def extents(tensor):
    return [int(n) for n in re.findall(r"(\d+)x", tensor)]


def flops(op, attributes, a, b, y):
    if op == "contract":
        axes = re.search(r"a_contract = \[([^\]]*)\]", attributes).group(1)
        return 2 * math.prod(extents(y)) * math.prod(extents(a)[int(axis)] for axis in axes.split(",") if axis.strip())
    if op == "vq":  # the products alone, as of the matmul that it replaces
        return 2 * math.prod(extents(a)) * extents(b)[0]
    images, filters = {"conv": (y, b), "conv_transpose": (a, b), "conv_filter": (b, y)}[op]
    return 2 * math.prod(extents(images)) * math.prod(extents(filters)[1:])


def main(source, entry, output, table):
    with open(source) as file:
        text = file.read()
    body = re.search(rf"func\.func @{entry}\(.*?\n  }}\n", text, re.S).group(0)
    counts = {}
    for match in OP.finditer(body):
        counts[match.groups()] = counts.get(match.groups(), 0) + 1
    assert counts, f"{source}: @{entry} has no convolution and no contraction"
    functions, rows = [], []
    for i, ((op, attributes, a, b, y), count) in enumerate(counts.items()):
        functions.append(f'func.func @k{i}(%a: {a} {{kerf.name = "a"}}, %b: {b} {{kerf.name = "b"}}) -> ({y} {{kerf.name = "y"}}) '
                         f"attributes {{kerf.entry}} {{\n  %y = kerf.{op} %a, %b, {attributes} : {a}, {b} -> {y}\n  return %y : {y}\n}}")
        shape = lambda t: "x".join(map(str, extents(t))) or "1"
        rows.append(f'KERNEL({i}, "{op}", "{shape(a)} . {shape(b)} -> {shape(y)}", {count}, {flops(op, attributes, a, b, y)}.0)')
    with open(output, "w") as file:
        file.write('module attributes {kerf.model = "step_kernels"} {\n' + "\n".join(functions) + "\n}\n")
    with open(table, "w") as file:
        file.write("// KERNEL(number, op, shapes, calls per step, FLOP per call)\n" + "\n".join(rows) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
