include "ops.td"

def Kerf_RemainderOp : Kerf_IntegerBinary<"remainder"> {
  let summary = "what is left of integers when they are divided; it has the sign of the divisor";
  let description = [{
    `y[i] = a[i] - b[i] floor(a[i] / b[i])`, between 0 and `b[i]`; `a[i]` where `b[i] = 0`.

    %y = kerf.remainder %a, %b : tensor<4x8xi32>
  }];
  let hasFolder = 1;
}
