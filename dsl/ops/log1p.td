include "ops.td"

def Kerf_Log1pOp : Kerf_Unary<"log1p", [], Kerf_Floats> {
  let summary = "logarithm of one more than each element";
  let description = [{
    `y[i] = ln(1 + x[i])`, to full relative precision also where `x[i]` is small; `-inf` at -1, NaN
    below.

    Gradient: `dx = dy / (1 + x)`.

    %y = kerf.log1p %x : tensor<4x8xf32>
  }];
}
