include "ops.td"

def Kerf_TanhOp : Kerf_Unary<"tanh", [], Kerf_Floats> {
  let summary = "hyperbolic tangent of each element";
  let description = [{
    `y[i] = (e^x[i] - e^-x[i]) / (e^x[i] + e^-x[i])`, between -1 and 1.

    Gradient: `dx = dy / cosh(x)^2`, as `4 logistic_density(2 x)`, which does not cancel as `1 - y^2` does.

    %y = kerf.tanh %x : tensor<4x8xf32>
  }];
}
