include "ops.td"

def Kerf_LogisticDensityOp : Kerf_Unary<"logistic_density", [], Kerf_Floats> {
  let summary = "density of the logistic distribution: the slope of sigmoid";
  let description = [{
    `y[i] = e / (1 + e)^2`, `e = e^-|x[i]|`: `sigmoid(x) sigmoid(-x)`, and `1 / (4 cosh(x / 2)^2)`, so
    that the slope of tanh is `4 y` at `2 x`. Full relative precision on both sides. An op for the
    sake of its derivative, in which the difference of the two sigmoids is a tanh.

    Gradient: `dx = -dy * y * tanh(x / 2)`.

    %y = kerf.logistic_density %x : tensor<4x8xf32>
  }];
  let rule = "";
}
