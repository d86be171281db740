include "ops.td"

def Kerf_ErfOp : Kerf_Unary<"erf", [], Kerf_Floats> {
  let summary = "error function of each element";
  let description = [{
    `y[i] = 2 / sqrt(pi)` times the integral of `e^-t^2` from 0 to `x[i]`, between -1 and 1.

    Gradient: `dx = dy * 2 / sqrt(pi) * e^-x^2`.

    %y = kerf.erf %x : tensor<4x8xf32>
  }];
}
