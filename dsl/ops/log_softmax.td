include "ops.td"

def Kerf_LogSoftmaxOp : Kerf_Op<"log_softmax", [SameOperandsAndResultType, Kerf_Mark, Differentiable, Decomposable]> {
  let summary = "logarithm of the softmax along one axis";
  let description = [{
    `y[i] = (x[i] - m) - log1p(s)`, `m = max_j x[j]`, with `i`, `j` along `axis`; `s` is the sum of
    `exp(x[j] - m)` over the `j` with `x[j] < m`, and one less than the number of the others. So the
    logarithm of a winner is as exact as that of the rest, where `log(1 + s)` cancels. What the
    difference `x[i] - m` is rounded by remains: a share is off by up to `6e-8 |x[i] - m|`. `-inf` is the
    logarithm of no share; a row of all `-inf`, or with a NaN, gives NaN.

    An op for the sake of its derivative; the plain ops that it is made of stand for it as soon as
    derivatives are taken.

    Constraints: (C1) `axis < rank(x)`.
    Gradient: `dx = -dy * expm1(y) - softmax(x) * (sum(dy) - dy)`: for the `dy` of one class, `p - 1`
    of it does not cancel.

    %y = kerf.log_softmax %x, axis = 1 : tensor<4x8xf32>
  }];
  let arguments = (ins Kerf_Floats:$x, ConfinedAttr<I64Attr, [IntNonNegative]>:$axis);
  let results = (outs Kerf_Floats:$y);
  let assemblyFormat = "$x `,` `axis` `=` $axis attr-dict `:` type($x)";
  let hasVerifier = 1;
}
