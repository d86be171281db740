include "ops.td"

def Kerf_SigmoidOp : Kerf_Unary<"sigmoid", [], Kerf_Floats> {
  let summary = "logistic function of each element";
  let description = [{
    `y[i] = 1 / (1 + e^-x[i])`, to full relative precision on both sides: `e^x / (1 + e^x)` below 0.
    In f32 results are denormal below -87.3.

    Gradient: `dx = dy * logistic_density(x)`, which does not cancel as `y (1 - y)` does.

    %y = kerf.sigmoid %x : tensor<4x8xf32>
  }];
}
