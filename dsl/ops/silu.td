include "ops.td"

def Kerf_SiluOp : Kerf_Unary<"silu", [], Kerf_Floats> {
  let summary = "x sigmoid(x); NaN at -inf, as in PyTorch. [Elfwing 2017]";
  let description = [{
    `y[i] = x[i] sigmoid(x[i])`, to full relative precision wherever `y` is a normal number, where
    the factor may be none: below 0 it is `x h h / (1 + h h)`, `h = e^(x / 2)`.

    Gradient: `dx = dy * (sigmoid(x) + y * sigmoid(-x))`.

    %y = kerf.silu %x : tensor<4x8xf32>
  }];
}
