include "ops.td"

def Kerf_IotaOp : Kerf_Op<"iota", [Lowerable]> {
  let summary = "the numbers 0, 1, 2 …";
  let description = [{
    `y[i] = i`.

    Constraints: (C1) `y` has one axis.

    %y = kerf.iota : tensor<8xi64>
  }];
  let arguments = (ins);
  let results = (outs Kerf_Indices:$y);
  let assemblyFormat = "attr-dict `:` type($y)";
  let hasVerifier = 1;
}
