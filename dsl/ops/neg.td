include "ops.td"

def Kerf_NegOp : Kerf_Unary<"neg", [Kerf_Linear]> {
  let summary = "negated elements";
  let description = [{
    `y[i] = -x[i]`; for integers modulo `2^bits`.

    Gradient: `dx = -dy`.

    %y = kerf.neg %x : tensor<4x8xf32>
  }];
  let hasFolder = 1;
}
