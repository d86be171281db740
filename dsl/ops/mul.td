include "ops.td"

def Kerf_MulOp : Kerf_Binary<"mul", [Commutative]> {
  let summary = "elementwise product";
  let description = [{
    `y[i] = a[i] * b[i]`, for floats rounded once, for integers modulo `2^bits`.

    Gradient: `da = dy * b`, `db = dy * a`.

    %y = kerf.mul %a, %b : tensor<4x8xf32>
  }];
  let hasFolder = 1;
}
