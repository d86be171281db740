include "ops.td"

def Kerf_CosOp : Kerf_Unary<"cos", [], Kerf_Floats> {
  let summary = "cosine of each element";
  let description = [{
    `y[i] = cos(x[i])`, of radians however large; infinities give NaN.

    Gradient: `dx = -dy * sin(x)`.

    %y = kerf.cos %x : tensor<4x8xf32>
  }];
}
