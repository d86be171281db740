include "ops.td"

def Kerf_SinOp : Kerf_Unary<"sin", [], Kerf_Floats> {
  let summary = "sine of each element";
  let description = [{
    `y[i] = sin(x[i])`, of radians however large; infinities give NaN.

    Gradient: `dx = dy * cos(x)`.

    %y = kerf.sin %x : tensor<4x8xf32>
  }];
}
