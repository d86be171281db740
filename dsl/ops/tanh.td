include "ops.td"

def Kerf_TanhOp : Kerf_Unary<"tanh", [], Kerf_Floats> {
  let summary = "hyperbolic tangent of each element";
  let description = [{
    `y[i] = (e^x[i] - e^-x[i]) / (e^x[i] + e^-x[i])`, between -1 and 1.

    Gradient: `dx = dy * (1 - y * y)`.

    %y = kerf.tanh %x : tensor<4x8xf32>
  }];
}
