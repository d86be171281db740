include "ops.td"

def Kerf_MaximumOp : Kerf_Binary<"maximum", [Commutative]> {
  let summary = "larger of two elements";
  let description = [{
    `y[i] = max(a[i], b[i])`; NaN if either is NaN; `-0 < +0`.

    Gradient: `dy` to the larger, half to each at a tie.

    %y = kerf.maximum %a, %b : tensor<4x8xf32>
  }];
  let hasFolder = 1;
}
