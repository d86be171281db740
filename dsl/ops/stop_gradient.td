include "ops.td"

def Kerf_StopGradientOp : Kerf_Unary<"stop_gradient", [Kerf_Mark, Kerf_Moves], Kerf_Tensor> {
  let summary = "the same value, a constant to every derivative";
  let description = [{
    `y = x`.

    Gradient: nothing flows to `x`.

    %y = kerf.stop_gradient %x : tensor<4x8xf32>
  }];
}
