include "ops.td"

def Kerf_RsqrtOp : Kerf_Unary<"rsqrt", [], Kerf_Floats> {
  let summary = "reciprocal square root of each element";
  let description = [{
    `y[i] = x[i]^(-1/2)`; `inf` at 0, NaN below.

    Gradient: `dx = -dy * y^3 / 2`.

    %y = kerf.rsqrt %x : tensor<4x8xf32>
  }];
}
