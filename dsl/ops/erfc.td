include "ops.td"

def Kerf_ErfcOp : Kerf_Unary<"erfc", [], Kerf_Floats> {
  let summary = "what the error function of each element lacks to 1";
  let description = [{
    `y[i] = 1 - erf(x[i])`, between 0 and 2, to full relative precision also where it is small.

    Gradient: `dx = -dy * 2 / sqrt(pi) * e^-x^2`.

    %y = kerf.erfc %x : tensor<4x8xf32>
  }];
}
