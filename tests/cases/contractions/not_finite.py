"""Convolutions and their adjoints read zeros outside of what they are given, and zero times NaN or infinity is NaN: in the
oracle, in the kernels and in those of f64, at every stride and padding.

    not_finite.py KERF_RUN FOLDER

Writes FOLDER/not_finite.mlir: one element of an operand, in a corner, is NaN or infinite.
"""
import itertools
import math
import pathlib
import subprocess
import sys

BITS = {"f32": ("0x7FC00000", "0x7F800000", "0xFF800000"),
        "f64": ("0x7FF8000000000000", "0x7FF0000000000000", "0xFFF0000000000000")}


def tensor(element, shape):
    return "tensor<" + "".join(f"{n}x" for n in shape) + element + ">"


def nested(values, shape):
    if not shape:
        return values[0]
    step = len(values) // shape[0]
    return "[" + ", ".join(nested(values[i * step:(i + 1) * step], shape[1:]) for i in range(shape[0])) + "]"


def function(name, op, element, sizes, stride, padding, special, at_end):
    """`special` stands in the first or last element of the second operand, whose products with zeros count."""
    n, c, h, w, o, kh, kw = sizes
    oh, ow = ((size + 2 * p - k) // s + 1 for size, p, k, s in zip((h, w), padding, (kh, kw), stride))
    x, k, y = (n, c, h, w), (o, c, kh, kw), (n, o, oh, ow)
    (a, b), result = {"conv": ((x, k), y), "conv_transpose": ((y, k), x), "conv_filter": ((x, y), k)}[op]
    A, B, R, mask = tensor(element, a), tensor(element, b), tensor(element, result), tensor("i1", b)
    where = ["false"] * math.prod(b)
    where[-1 if at_end else 0] = "true"
    return f"""func.func @{name}(%a: {A}, %b: {B}) -> {R} {{
  %m = arith.constant dense<{nested(where, b)}> : {mask}
  %s = arith.constant dense<{special}> : {B}
  %c = kerf.select %m, %s, %b : {mask}, {B}
  %y = kerf.{op} %a, %c, stride = {list(stride)}, padding = {list(padding)} : {A}, {B} -> {R}
  return %y : {R}
}}
"""


def functions():
    shapes = itertools.product(((2, 2, 5, 6), (1, 1, 1, 1), (2, 3, 0, 4)), ((3, 3), (2, 4), (1, 1)),
                               ((1, 1), (2, 2), (3, 1)), ((0, 0), (1, 1), (3, 2)))
    specials = itertools.cycle(itertools.product(range(3), (False, True)))
    for (n, c, h, w), kernel, stride, padding in shapes:
        if any(size + 2 * p < k for size, k, p in zip((h, w), kernel, padding)):
            continue
        for op, element in itertools.product(("conv", "conv_transpose", "conv_filter"), BITS):
            which, at_end = next(specials)
            if op == "conv_transpose" and h == 0:
                continue
            sizes = (n, c, h, w, 2, *kernel)
            name = "_".join(map(str, (op, element, *sizes, "s", *stride, "p", *padding)))
            yield name, function(name, op, element, sizes, stride, padding, BITS[element][which], at_end)


def main():
    kerf_run, folder = sys.argv[1], pathlib.Path(sys.argv[2])
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "not_finite.mlir"
    made = dict(functions())
    file.write_text("".join(made.values()))
    done = subprocess.run([kerf_run, "--compare", "--timeout", "500", file], capture_output=True, text=True)
    lines = (done.stdout + done.stderr).splitlines()
    print("\n".join([line for line in lines if not line.endswith("agrees")][:50]))
    missing = [name for name in made if f"@{name}: compiled agrees" not in lines]
    print(f"{len(made)} functions, {len(missing)} of them without agreement")
    sys.exit(done.returncode or bool(missing))


if __name__ == "__main__":
    main()
