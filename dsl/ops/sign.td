include "ops.td"

def Kerf_SignOp : Kerf_Unary<"sign", [Kerf_Decision]> {
  let summary = "sign of each element";
  let description = [{
    `y[i] = 1` where `x[i] > 0`, -1 where `x[i] < 0`, otherwise 0: of both zeros, and of NaN.

    Gradient: none, the function is piecewise constant.

    %y = kerf.sign %x : tensor<4x8xf32>
  }];
  let hasFolder = 1;
  let extraClassDeclaration = [{
    ::llvm::StringRef derivativeGap();
    bool decides();
  }];
}
