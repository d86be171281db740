include "ops.td"

def Kerf_PowOp : Kerf_Binary<"pow", [], Kerf_Floats> {
  let summary = "power of each element";
  let description = [{
    `y[i] = a[i]^b[i]`, with the cases of C: 1 where `b` is 0 or `a` is 1, whatever the other is; of a
    negative `a`, NaN unless `b` is an integer; of 0, an infinity where `b < 0`.

    Gradient: `da = dy * b * a^(b - 1)`, 0 where `b` is 0; `db = dy * y * log(a)`, 0 where `a` is 0 and `b`
    is not negative.

    %y = kerf.pow %a, %b : tensor<4x8xf32>
  }];
  let hasFolder = 1;
}
