include "ops.td"

def Kerf_CastOp : Kerf_Op<"cast", [Kerf_Elementwise, Kerf_Decision, Kerf_Linear, Differentiable, Lowerable]> {
  let summary = "the same numbers in another element type";
  let description = [{
    `y[i] = x[i]` as an element of `y`. To a narrower float: rounded to nearest, ties to even,
    to bf16 and f16 from an f32, which whatever is cast to them, or from them, is on the way.
    Float to integer: towards zero, what is out of range becomes the nearest end of the range, NaN
    becomes 0. Integer to integer: sign-extended (i1: 0 or 1) or modulo `2^bits`. Anything to i1:
    `x[i] != 0`.

    Constraints: (C1) `shape(y) = shape(x)`.
    Gradient: from float to float `dx = cast(dy)`, otherwise none.

    %y = kerf.cast %x : tensor<4x8xf32> -> tensor<4x8xi32>
  }];
  let arguments = (ins Kerf_Tensor:$x);
  let results = (outs Kerf_Tensor:$y);
  let assemblyFormat = "$x attr-dict `:` type($x) `->` type($y)";
  let hasVerifier = 1;
  let hasFolder = 1;
  let extraClassDeclaration = "bool decides();";
  let rule = "same";
}
