include "ops.td"

def Kerf_MinimumOp : Kerf_Binary<"minimum", [Commutative]> {
  let summary = "smaller of two elements";
  let description = [{
    `y[i] = min(a[i], b[i])`; NaN if either is NaN; `-0 < +0`.

    Gradient: `dy` to the smaller, half to each at a tie.

    %y = kerf.minimum %a, %b : tensor<4x8xf32>
  }];
  let hasFolder = 1;
}
