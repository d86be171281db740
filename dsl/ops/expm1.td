include "ops.td"

def Kerf_Expm1Op : Kerf_Unary<"expm1", [], Kerf_Floats> {
  let summary = "exponential of each element, less one";
  let description = [{
    `y[i] = e^x[i] - 1`, to full relative precision also where `x[i]` is small; -1 at `-inf`.

    Gradient: `dx = dy * e^x`.

    %y = kerf.expm1 %x : tensor<4x8xf32>
  }];
}
