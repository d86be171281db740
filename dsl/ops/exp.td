include "ops.td"

def Kerf_ExpOp : Kerf_Unary<"exp", [], Kerf_Floats> {
  let summary = "exponential of each element";
  let description = [{
    `y[i] = e^x[i]`; 0 at `-inf`.

    Gradient: `dx = dy * y`.

    %y = kerf.exp %x : tensor<4x8xf32>
  }];
}
