"""Every op of the dialect on each narrow type: a module of a function for each, from one line for each.

A line is the op with TYPE for the element type; %a, %b … are its operands, whose types the line says. Ops that no line
names, and that take such types, are an error: so is a line for an op that is no more.

Usage: ops.py <folder of .td files> <element type> floats|products|integers [differentiated]
"""
import pathlib
import re
import sys

FLOATS = """
abs %a : 7x33
add %a, %b : 7x33
argmin %a, axis = 1 : 5x70 -> 5xi64
argsort %a, axis = 0 : 37x3 -> 37x3xi64
broadcast %a, dims = [1] : 33 -> 4x33
compare %a, %b, predicate = "lt" : 7x33 -> 7x33xi1
concat(%a, %b), axis = 1 : (3x5, 3x12) -> 3x17
cos %a : 7x33
cumsum %a, axis = 1 {reverse = true} : 5x37
div %a, %b : 7x33
erf %a : 7x33
erfc %a : 7x33
exp %a : 7x33
expm1 %a : 7x33
floor %a : 7x33
gather %a, %i : 9x17, 5xi64 -> 5x17
gelu_gate %a : 7x33
linear_scan %a, %b, axis = 1 : 5x13
log %a : 7x33
log1p %a : 7x33
log_softmax %a, axis = 1 : 5x37
logistic_density %a : 7x33
max %a, axes = [1] : 7x33 -> 7
maximum %a, %b : 7x33
minimum %a, %b : 7x33
mul %a, %b : 7x33
neg %a : 7x33
pad %a, low = [1, 0], high = [0, 2], interior = [0, 1] : 4x9 -> 5x19
pow %a, %b : 7x33
reshape %a : 4x6 -> 2x12
round %a : 7x33
rsqrt %a : 7x33
scatter_add %a, %i, rows = 4 : 9x17, 9xi64 -> 4x17
scatter_add_along %a, %i, axis = 1 : 5x9, 5x9xi64 -> 5x4
select %c, %a, %b : 7x33xi1, 7x33
sigmoid %a : 7x33
sign %a : 7x33
silu %a : 7x33
sin %a : 7x33
slice %a, offsets = [0, 1], limits = [4, 19], strides = [1, 2] : 4x19 -> 4x9
slice_at %a, %n, axis = 0 : 9x17 -> 2x17
softplus %a : 7x33
sqrt %a : 7x33
stop_gradient %a : 7x33
straight_through %a, %b : 7x33
sub %a, %b : 7x33
sum %a, axes = [0] : 33x19 -> 19
sum %a, axes = [1] : 3x70 -> 3
take_along %a, %i, axis = 1 : 4x37, 4x3xi64 -> 4x3
tanh %a : 7x33
top_k %a, k = 4 : 5x70 -> 5x4xi64
transpose %a, permutation = [2, 0, 1] : 4x5x6 -> 6x4x5
unless_idle %a, %b : 7x33
update_at %a, %n, %b, axis = 0 : 9x17, 2x17
cast %a : 7x33 -> 7x33xf32
cast %a : 7x33 -> 7x33xf64
cast %a : 7x33 -> 7x33xi8
cast %a : 7x33 -> 7x33xi64
cast %a : 7x33 -> 7x33xi1
cast %f : 7x33xf32 -> 7x33
cast %f : 7x33xf64 -> 7x33
cast %f : 7x33xi64 -> 7x33
cast %f : 7x33xi8 -> 7x33
"""
# Sums of products, which an order other than the oracle's may round otherwise.
PRODUCTS = """
contract %a, %b, a_batch = [], b_batch = [], a_contract = [1], b_contract = [0] : 7x33, 33x19 -> 7x19
contract %a, %b, a_batch = [0], b_batch = [0], a_contract = [2], b_contract = [2] : 2x5x300, 2x9x300 -> 2x5x9
contract %a, %b, a_batch = [], b_batch = [], a_contract = [1], b_contract = [0] : 9x4500, 4500x21 -> 9x21
contract %a, %b, a_batch = [], b_batch = [], a_contract = [1], b_contract = [1] : 200x40, 530x40 -> 200x530
conv %a, %b, stride = [2, 2], padding = [1, 1] : 2x3x9x9, 5x3x4x4 -> 2x5x4x4
conv %a, %b, stride = [1, 1], padding = [0, 0] : 2x3x9x9, 3x3x1x1 -> 2x3x9x9
conv_filter %a, %b, stride = [2, 2], padding = [1, 1] : 2x3x9x9, 2x12x4x4 -> 12x3x4x4
conv_filter %a, %b, stride = [1, 1], padding = [0, 0] : 2x3x9x9, 2x5x9x9 -> 5x3x1x1
conv_transpose %a, %b, stride = [2, 2], padding = [1, 1] : 2x5x4x4, 5x3x4x4 -> 2x3x8x8
conv_transpose %a, %b, stride = [1, 1], padding = [0, 0] : 2x5x4x4, 5x9x2x2 -> 2x9x5x5
vq %a, %b, metric = "l2" : 40x16, 32x16 -> 40xi64
"""
INTEGERS = """
abs %a : 7x33
add %a, %b : 7x33
argmin %a, axis = 1 : 5x70 -> 5xi64
argsort %a, axis = 0 : 37x3 -> 37x3xi64
bit_and %a, %b : 7x33
bit_not %a : 7x33
bit_or %a, %b : 7x33
bit_xor %a, %b : 7x33
compare %a, %b, predicate = "lt" : 7x33 -> 7x33xi1
concat(%a, %b), axis = 1 : (3x5, 3x12) -> 3x17
cumsum %a, axis = 0 : 5x37
floor_divide %a, %b : 7x33
gather %a, %i : 9x17, 5xi64 -> 5x17
linear_scan %a, %b, axis = 0 : 5x13
max %a, axes = [1] : 7x33 -> 7
maximum %a, %b : 7x33
minimum %a, %b : 7x33
mul %a, %b : 7x33
neg %a : 7x33
remainder %a, %b : 7x33
scatter_add %a, %i, rows = 4 : 9x17, 9xi64 -> 4x17
scatter_add_along %a, %i, axis = 1 : 5x9, 5x9xi64 -> 5x4
select %c, %a, %b : 7x33xi1, 7x33
shift_left %a, %b : 7x33
shift_right %a, %b : 7x33
sign %a : 7x33
sub %a, %b : 7x33
sum %a, axes = [0] : 33x19 -> 19
sum %a, axes = [1] : 3x70 -> 3
take_along %a, %i, axis = 1 : 4x37, 4x3xi64 -> 4x3
top_k %a, k = 4 : 5x70 -> 5x4xi64
transpose %a, permutation = [2, 0, 1] : 4x5x6 -> 6x4x5
cast %a : 7x33 -> 7x33xf32
cast %a : 7x33 -> 7x33xi64
cast %a : 7x33 -> 7x33xi1
cast %f : 7x33xf32 -> 7x33
cast %f : 7x33xi64 -> 7x33
"""
# Ops without elements of such types among what they take. Those with regions are left out, too: their ops are others.
LEFT_OUT = {"count", "fold_key", "iota", "normal", "uniform", "vq_sampled", "yield"}

# What has no derivative, or one that differences do not see.
STAIRS = {"floor", "round", "sign", "stop_gradient", "straight_through"}


def typed(text, element):
    """Of "7x33 -> 7x33xi1" the tensor types; an extent that ends one has TYPE behind it."""
    return re.sub(r"(?<![\w\[=.])(\d+(?:x\d+)*)(x[if]\d+)?(?![\w.\]])",
                  lambda found: f"tensor<{found[1]}{found[2] or 'x' + element}>", text)


def function(number, line, element, differentiated):
    op, types = line.rsplit(" : ", 1)
    types = typed(types, element)
    all_types = re.findall(r"tensor<[^>]*>", types)
    operands = re.findall(r"%\w", op)
    result = all_types[-1] if "->" in types else next(t for t in all_types if not t.endswith("i1>"))
    given = all_types[:-1] if "->" in types else all_types
    if "(" in op:
        given = all_types[:-1]
    count = {}
    arguments = []
    name = op.split()[0].split("(")[0]
    if name == "select":
        given = [given[0], given[1], given[1]]
    for i, operand in enumerate(operands):
        if operand == "%n":
            kind, given = "tensor<i64>", given[:i] + ["tensor<i64>"] + given[i:]
        else:
            kind = given[i] if i < len(given) else given[-1]
        positive = name in ("log", "sqrt", "rsqrt", "log1p", "pow") and operand == "%a"
        whole = name in ("floor_divide", "remainder") and operand == "%b"
        divisor = name == "div" and operand == "%b"
        span = "0.1, 4.0" if positive else "1, 9" if whole else "0.5, 2.0" if divisor else ""
        extra = f" {{kerf.range = [{span}]}}" if span else ""
        arguments.append(f"{operand}: {kind}{extra}")
    entry = "" if differentiated else " attributes {kerf.entry}"
    return (f"func.func @{name}_{number}({', '.join(arguments)}) -> {result}{entry} {{\n"
            f"  %y = kerf.{op} : {types}\n  return %y : {result}\n}}\n")


def main():
    folder, element, which = pathlib.Path(sys.argv[1]), sys.argv[2], sys.argv[3]
    differentiated = sys.argv[4:] == ["differentiated"]
    named = {re.match(r"\w+", line)[0] for line in (FLOATS + PRODUCTS + INTEGERS).split("\n") if line}
    there = {path.stem for path in folder.glob("*.td") if "let regions" not in path.read_text()} - LEFT_OUT
    if there != named:
        sys.exit(f"ops.py: give a line to {sorted(there - named)}; no op is {sorted(named - there)}")
    lines = {"floats": FLOATS, "products": PRODUCTS, "integers": INTEGERS}[which].split("\n")
    print("\n".join(function(i, line, element, differentiated) for i, line in enumerate(lines)
                    if line and not (differentiated and re.match(r"\w+", line)[0] in STAIRS)))


if __name__ == "__main__":
    main()
