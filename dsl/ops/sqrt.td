include "ops.td"

def Kerf_SqrtOp : Kerf_Unary<"sqrt", [], Kerf_Floats> {
  let summary = "square root of each element";
  let description = [{
    `y[i] = x[i]^(1/2)`, rounded once; NaN below 0.

    Gradient: `dx = dy / (2 y)`, infinite at 0.

    %y = kerf.sqrt %x : tensor<4x8xf32>
  }];
  let hasFolder = 1;
}
