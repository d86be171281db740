include "ops.td"

def Kerf_FloorOp : Kerf_Unary<"floor", [Kerf_Decision], Kerf_Floats> {
  let summary = "largest integer not above each element";
  let description = [{
    `y[i] = max {n integer : n <= x[i]}`; infinities and NaN stay.

    Gradient: none, the function is piecewise constant.

    %y = kerf.floor %x : tensor<4x8xf32>
  }];
  let hasFolder = 1;
  let extraClassDeclaration = "::llvm::StringRef derivativeGap();";
}
