include "ops.td"

def Kerf_SoftplusOp : Kerf_Unary<"softplus", [], Kerf_Floats> {
  let summary = "logarithm of one more than the exponential of each element";
  let description = [{
    `y[i] = ln(1 + e^x[i])`, as `max(x, 0) + log1p(e^-|x|)`: to full relative precision on both
    sides. In f32 results are denormal below -87.3. `ln(sigmoid(x)) = -softplus(-x)`.

    Gradient: `dx = dy * sigmoid(x)`.

    %y = kerf.softplus %x : tensor<4x8xf32>
  }];
}
