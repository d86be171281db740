include "ops.td"

def Kerf_DivOp : Kerf_Binary<"div", [], Kerf_Floats> {
  let summary = "elementwise quotient";
  let description = [{
    `y[i] = a[i] / b[i]`, rounded once, with the infinities and NaN of IEEE 754.

    Gradient: `da = dy / b`, `db = -dy / b * y`.

    %y = kerf.div %a, %b : tensor<4x8xf32>
  }];
  let hasFolder = 1;
}
