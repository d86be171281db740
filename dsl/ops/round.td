include "ops.td"

def Kerf_RoundOp : Kerf_Unary<"round", [Kerf_Decision], Kerf_Floats> {
  let summary = "integer next to each element, the even one of two as near";
  let description = [{
    `y[i] = n`, the integer with the least `|x[i] - n|`; of two, the even one: 0 of 0.5, 2 of 1.5.
    Infinities, NaN and the sign of 0 stay.

    Gradient: none, the function is piecewise constant.

    %y = kerf.round %x : tensor<4x8xf32>
  }];
  let hasFolder = 1;
  let extraClassDeclaration = "::llvm::StringRef derivativeGap();";
}
