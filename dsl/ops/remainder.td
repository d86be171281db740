include "ops.td"

def Kerf_RemainderOp : Kerf_Binary<"remainder"> {
  let summary = "what is left of a division rounded down; it has the sign of the divisor";
  let description = [{
    `y[i] = a[i] - b[i] floor(a[i] / b[i])`, between 0 and `b[i]`. Of integers, `a[i]` where `b[i] = 0`. Of
    floats as PyTorch: C's `fmod`, which is exact, to which `b[i]` is added where the signs differ; NaN where
    `b[i] = 0` or `a[i]` is infinite.

    Gradient: `da = dy`, `db = -dy * floor(a / b)`.

    %y = kerf.remainder %a, %b : tensor<4x8xi32>
  }];
  let hasFolder = 1;
}
