include "ops.td"

def Kerf_CumsumOp : Kerf_Op<"cumsum", [SameOperandsAndResultType, Rowwise, Kerf_Linear, Differentiable]> {
  let summary = "running sums along one axis";
  let description = [{
    `y[i] = sum_{j <= i} x[j]`, with `i`, `j` along `axis`; `exclusive` leaves `x[i]` itself out
    (`j < i`), so that the first sum is 0; `reverse` begins at the other end (`j >= i`, or `j > i`).

    One chain per line: f32 is added in f64 and rounded once per element, so `y[i]` is off by half an
    ulp, or by `n 2^-53 sum |x|` where that is more; f64 is added as it is, integers wrap around. What
    follows a NaN, or infinities of both signs, is NaN. Kept for a kernel.

    Constraints: (C1) `axis < rank(x)`.
    Gradient: `dx = cumsum(dy)` with the same `exclusive` and the other `reverse`; linear in `x`.

    %y = kerf.cumsum %x, axis = 1 {reverse = true} : tensor<4x8xf32>
  }];
  let arguments = (ins Kerf_Numbers:$x, ConfinedAttr<I64Attr, [IntNonNegative]>:$axis,
                       DefaultValuedAttr<BoolAttr, "false">:$exclusive, DefaultValuedAttr<BoolAttr, "false">:$reverse);
  let results = (outs Kerf_Numbers:$y);
  let assemblyFormat = "$x `,` `axis` `=` $axis attr-dict `:` type($x)";
  let hasVerifier = 1;
  let rule = "along";
}
