include "ops.td"

def Kerf_GeluGateOp : Kerf_Unary<"gelu_gate", [], Kerf_Floats> {
  let summary = "the factor of x in gelu(x)";
  let description = [{
    `y[i] = (1 + tanh(u / 2)) / 2 = sigmoid(u)`, `u = 2 sqrt(2 / pi) (x[i] + 0.044715 x[i]^3)`, to full
    relative precision on both sides: `u` is computed with twice the digits of its type, for what it
    is off by is the relative error of `y` below 0.

    Gradient: `dx = dy * y * gelu_gate(-x) * du/dx`.

    %y = kerf.gelu_gate %x : tensor<4x8xf32>
  }];
  let rule = "";
}
