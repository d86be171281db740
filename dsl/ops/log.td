include "ops.td"

def Kerf_LogOp : Kerf_Unary<"log", [], Kerf_Floats> {
  let summary = "natural logarithm of each element";
  let description = [{
    `y[i] = ln x[i]`; `-inf` at 0, NaN below.

    Gradient: `dx = dy / x`.

    %y = kerf.log %x : tensor<4x8xf32>
  }];
}
