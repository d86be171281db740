include "ops.td"

def Kerf_AbsOp : Kerf_Unary<"abs"> {
  let summary = "magnitude of each element";
  let description = [{
    `y[i] = |x[i]|`; the smallest integer is its own magnitude.

    Gradient: `dx = dy * sign(x)`, 0 at 0.

    %y = kerf.abs %x : tensor<4x8xf32>
  }];
  let hasFolder = 1;
}
