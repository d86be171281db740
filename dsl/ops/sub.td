include "ops.td"

def Kerf_SubOp : Kerf_Binary<"sub", [Kerf_Linear]> {
  let summary = "elementwise difference";
  let description = [{
    `y[i] = a[i] - b[i]`, for floats rounded once, for integers modulo `2^bits`.

    Gradient: `da = dy`, `db = -dy`.

    %y = kerf.sub %a, %b : tensor<4x8xf32>
  }];
  let hasFolder = 1;
}
