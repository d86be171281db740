include "ops.td"

def Kerf_YieldOp : Op<Kerf_Dialect, "yield", [Pure, Terminator, ReturnLike]> {
  let summary = "what a region gives to the op that owns it";
  let description = [{
    The owner says what the operands mean: for `value_and_grad` the loss, then the auxiliary values.

    kerf.yield %loss, %accuracy : tensor<f32>, tensor<f32>
  }];
  let arguments = (ins Variadic<Kerf_Tensor>:$x);
  let assemblyFormat = "($x^ `:` type($x))? attr-dict";
}
