"""A cotangent of 0 stops at every pole: where what is not chosen is infinite, NaN or has no slope, first and second
derivatives are those of what is chosen, in every argument, compiled and by the oracle.

    poles.py KERF_RUN FOLDER

Writes FOLDER/poles.mlir: each form below, in each way not to be chosen.
"""
import pathlib
import re
import subprocess
import sys

FAR = 'kerf.compare %a, %far, predicate = "gt" : T -> B'
ROW = "axes = [0] : T -> S"

# Name: (a, b, the form f of %a and %b, a line an op; T is the type of all, S that of their sum, B that of truths).
FORMS = {
    "sqrt_of_0": (0, 1, "kerf.sqrt %a : T"),
    "sqrt_of_minus_0": (0, 1, "kerf.neg %a : T; kerf.sqrt %0 : T"),
    "sqrt_below_0": (-1, 1, "kerf.sqrt %a : T"),
    "rsqrt_of_0": (0, 1, "kerf.rsqrt %a : T"),
    "rsqrt_of_minus_0": (0, 1, "kerf.neg %a : T; kerf.rsqrt %0 : T"),
    "rsqrt_below_0": (-1, 1, "kerf.rsqrt %a : T"),
    "log_of_0": (0, 1, "kerf.log %a : T"),
    "log_of_minus_0": (0, 1, "kerf.neg %a : T; kerf.log %0 : T"),
    "log_below_0": (-1, 1, "kerf.log %a : T"),
    "log1p_of_minus_1": (-1, 1, "kerf.log1p %a : T"),
    "log1p_below_minus_1": (-2, 1, "kerf.log1p %a : T"),
    "exp_beyond_range": (800, 1, "kerf.exp %a : T"),
    "expm1_beyond_range": (800, 1, "kerf.expm1 %a : T"),
    "numerator_over_0": (3, 0, "kerf.div %a, %b : T"),
    "numerator_over_minus_0": (3, 0, "kerf.neg %b : T; kerf.div %a, %0 : T"),
    "numerator_over_constant_0": (3, 0, "kerf.div %a, %zero : T"),
    "numerator_over_constants": (3, 0, "kerf.div %a, %mixed : T"),
    "numerator_over_nan": (3, 0, "kerf.div %a, %nan : T"),
    "divisor_0": (0, 3, "kerf.div %b, %a : T"),
    "nothing_by_nothing": (0, 0, "kerf.div %a, %b : T"),
    "itself_by_itself": (0, 1, "kerf.div %a, %a : T"),
    "quotient_of_an_infinity": (800, 1, "kerf.exp %a : T; kerf.div %0, %a : T"),
    "quotient_of_infinities": (800, 1, "kerf.exp %a : T; kerf.div %0, %0 : T"),
    "quotient_by_nan": (-1, 1, "kerf.sqrt %a : T; kerf.div %one, %0 : T"),
    "product_with_constant_infinity": (0, 1, "kerf.mul %a, %infinity : T"),
    "product_with_constant_nan": (0, 1, "kerf.mul %nan, %a : T"),
    "product_with_broadcast_nan": (0, 1, "kerf.broadcast %s_nan, dims = [] : S -> T; kerf.mul %0, %a : T"),
    "product_with_infinity": (0, 800, "kerf.exp %b : T; kerf.mul %a, %0 : T"),
    "product_with_nan": (0, -1, "kerf.log %b : T; kerf.mul %a, %0 : T"),
    "product_of_infinities": (800, 900, "kerf.exp %a : T; kerf.exp %b : T; kerf.mul %0, %1 : T"),
    "square_of_infinity": (0, 1, "kerf.div %one, %a : T; kerf.mul %0, %0 : T"),
    "tanh_of_nan": (-1, 1, "kerf.log %a : T; kerf.tanh %0 : T"),
    "sigmoid_of_nan": (-1, 1, "kerf.log %a : T; kerf.sigmoid %0 : T"),
    "softplus_of_nan": (-1, 1, "kerf.log %a : T; kerf.softplus %0 : T"),
    "silu_of_nan": (-1, 1, "kerf.log %a : T; kerf.silu %0 : T"),
    "silu_of_minus_infinity": (0, 1, "kerf.log %a : T; kerf.silu %0 : T"),
    "gelu_of_nan": (-1, 1, "kerf.log %a : T; kerf.gelu_gate %0 : T; kerf.mul %0, %1 : T"),
    "gelu_of_minus_infinity": (0, 1, "kerf.log %a : T; kerf.gelu_gate %0 : T; kerf.mul %0, %1 : T"),
    "density_of_nan": (-1, 1, "kerf.log %a : T; kerf.logistic_density %0 : T"),
    "power_of_0": (0, 0.5, "kerf.log %a : T; kerf.mul %b, %0 : T; kerf.exp %1 : T"),
    "power_below_0": (-1, 0.5, "kerf.log %a : T; kerf.mul %b, %0 : T; kerf.exp %1 : T"),
    "pow_of_0": (0, 0.5, "kerf.pow %a, %b : T"),
    "pow_of_0_below_1": (0, -1, "kerf.pow %a, %b : T"),
    "pow_below_0": (-1, 0.5, "kerf.pow %a, %b : T"),
    "pow_beyond_range": (800, 800, "kerf.pow %a, %b : T"),
    "sin_of_infinity": (0, 1, "kerf.log %a : T; kerf.sin %0 : T"),
    "cos_of_infinity": (0, 1, "kerf.log %a : T; kerf.cos %0 : T"),
    "erf_of_infinity": (0, 1, "kerf.log %a : T; kerf.erf %0 : T"),
    "erfc_of_nan": (-1, 1, "kerf.log %a : T; kerf.erfc %0 : T"),
    "x_log_x_of_0": (0, 1, "kerf.log %a : T; kerf.mul %a, %0 : T"),
    "logistic_written_out": (-800, 1, "kerf.neg %a : T; kerf.exp %0 : T; kerf.mul %0, %0 : T; kerf.add %1, %one : T; kerf.div %one, %3 : T"),
    "magnitude_of_infinity": (0, 1, "kerf.div %b, %a : T; kerf.abs %0 : T"),
    "larger_of_nan": (-1, 1, "kerf.log %a : T; kerf.maximum %0, %b : T"),
    "smaller_of_nan": (-1, 1, "kerf.log %a : T; kerf.minimum %0, %b : T"),
    "difference_of_infinities": (0, 0, "kerf.log %a : T; kerf.log %b : T; kerf.sub %0, %1 : T; kerf.mul %2, %2 : T"),
    "as_double": (0, 1, "kerf.cast %a : T -> D; kerf.rsqrt %0 : D; kerf.mul %1, %1 : D; kerf.cast %2 : D -> T"),
    "inner_branch": (0, 1, "kerf.log %a : T; " + FAR + "; kerf.select %1, %0, %b : B, T; kerf.div %2, %a : T"),
    "sum_of_infinities": (0, 1, "kerf.rsqrt %a : T; kerf.sum %0, " + ROW + "; kerf.mul %1, %1 : S; kerf.broadcast %2, dims = [] : S -> T"),
    "mean_of_nan": (-1, 1, "kerf.log %a : T; kerf.sum %0, " + ROW + "; kerf.div %1, %s_two : S; kerf.mul %2, %2 : S; kerf.broadcast %3, dims = [] : S -> T"),
    "length_of_0": (0, 1, "kerf.mul %a, %a : T; kerf.sum %0, " + ROW + "; kerf.sqrt %1 : S; kerf.broadcast %2, dims = [] : S -> T"),
    "direction_of_0": (0, 1, "kerf.mul %a, %a : T; kerf.sum %0, " + ROW + "; kerf.rsqrt %1 : S; kerf.broadcast %2, dims = [] : S -> T; kerf.mul %a, %3 : T"),
    "largest_of_nan": (-1, 1, "kerf.log %a : T; kerf.max %0, " + ROW + "; kerf.broadcast %1, dims = [] : S -> T"),
    "log_softmax_of_nan": (-1, 1, "kerf.log %a : T; kerf.log_softmax %0, axis = 0 : T"),
    "log_softmax_of_minus_infinity": (0, 1, "kerf.log %a : T; kerf.log_softmax %0, axis = 0 : T"),
    "softmax_beyond_range": (800, 1, "kerf.exp %a : T; kerf.sum %0, " + ROW + "; kerf.broadcast %1, dims = [] : S -> T; kerf.div %0, %2 : T"),
}

# How f is not chosen: lines that make y of f and of q = a a + b b. All are of functions whose derivatives are 2 a, 2 b and 2.
WAYS = {
    "select": "%c = kerf.compare %q, %far, predicate = \"gt\" : T -> B; %y = kerf.select %c, %f, %q : B, T",
    "slice": "%w = kerf.concat(%q, %f), axis = 0 : (T, T) -> W; "
             "%y = kerf.slice %w, offsets = [0], limits = [2], strides = [1] : W -> T",
    "gather": "%w = kerf.concat(%f, %q), axis = 0 : (T, T) -> W; %y = kerf.gather %w, %second : W, tensor<2xi64> -> T",
}


# value_and_grad is isolated from above, so that constants are made inside.
def text_of(name, form, way, element):
    a, b, body = form
    infinity, nan = {"f32": ("0x7F800000", "0x7FC00000"), "f64": ("0x7FF0000000000000", "0x7FF8000000000000")}[element]
    constants = {"zero": ("0.0", "T"), "one": ("1.0", "T"), "mixed": ("[0.0, 1.0]", "T"), "far": ("1.0e30", "T"),
                 "infinity": (infinity, "T"), "nan": (nan, "T"), "s_nan": (nan, "S"), "s_two": ("2.0", "S"),
                 "second": ("[2, 3]", "tensor<2xi64>")}
    steps = body.split("; ")
    lines = [f"%{constant} = arith.constant dense<{value}> : {of}" for constant, (value, of) in constants.items()]
    lines += [("%f" if i == len(steps) - 1 else f"%{i}") + f" = {step}" for i, step in enumerate(steps)]
    lines += ["%aa = kerf.mul %a, %a : T", "%bb = kerf.mul %b, %b : T", "%q = kerf.add %aa, %bb : T", *way.split("; "),
              "%l = kerf.sum %y, axes = [0] : T -> S", "kerf.yield %l : S"]
    # A number alone is the name of an op's result in turn, so that these get letters.
    inner = re.sub(r"%(\d)", r"%t\1", "\n".join("      " + line for line in lines))
    text = f"""func.func @{name}(%p: T {{kerf.range = [{float(a)}, {float(a)}]}}, %r: T {{kerf.range = [{float(b)}, {float(b)}]}}) -> (T, T, T, T) {{
  %outer, %da, %db, %dda, %ddb = kerf.value_and_grad params(%m = %p : T, %n = %r : T) {{
    %value, %dm, %dn = kerf.value_and_grad params(%a = %m : T, %b = %n : T) {{
{inner}
    }}
    %both = kerf.add %dm, %dn : T
    %slope = kerf.sum %both, axes = [0] : T -> S
    kerf.yield %slope, %dm, %dn : S, T, T
  }}
  return %da, %db, %dda, %ddb : T, T, T, T
}}
"""
    types = {"T": f"tensor<2x{element}>", "S": f"tensor<{element}>", "B": "tensor<2xi1>", "D": "tensor<2xf64>",
             "W": f"tensor<4x{element}>"}
    return re.sub(r"\b[TSBDW]\b", lambda found: types[found[0]], text)


def main():
    kerf_run, folder = sys.argv[1], pathlib.Path(sys.argv[2])
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "poles.mlir"
    wanted, texts = {}, []
    for form, (a, b, body) in FORMS.items():
        for way, lines in WAYS.items():
            for element in ("f32", "f64"):
                name = f"{form}_{way}_{element}"
                texts.append(text_of(name, (a, b, body), lines, element))
                wanted[name] = [[2.0 * a] * 2, [2.0 * b] * 2, [2.0] * 2, [2.0] * 2]
    file.write_text("".join(texts))
    failed = False
    for options in ([], ["--compiled"]):
        done = subprocess.run([kerf_run, "--timeout", "500", *options, file], capture_output=True, text=True)
        got, name = {}, ""
        for line in done.stdout.splitlines():
            if line.startswith("@"):
                name = line[1:]
                got[name] = []
            elif ": " in line:
                got[name].append([float(number) for number in line.split(": ")[1].split()])
        wrong = [name for name in wanted if got.get(name) != wanted[name]]
        for name in wrong[:50]:
            print(" ".join(options), name, "got", got.get(name), "want", wanted[name])
        print(f"{len(wanted)} cases, {len(wrong)} wrong {' '.join(options)}", done.stderr[:2000])
        failed |= bool(wrong) or done.returncode != 0
    sys.exit(failed)


if __name__ == "__main__":
    main()
