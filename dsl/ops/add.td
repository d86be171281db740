include "ops.td"

def Kerf_AddOp : Kerf_Binary<"add", [Commutative, Kerf_Linear]> {
  let summary = "elementwise sum";
  let description = [{
    `y[i] = a[i] + b[i]`, for floats rounded once, for integers modulo `2^bits`.

    Gradient: `da = dy`, `db = dy`.

    %y = kerf.add %a, %b : tensor<4x8xf32>
  }];
  let hasFolder = 1;
}
