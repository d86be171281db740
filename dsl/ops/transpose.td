include "ops.td"

def Kerf_TransposeOp : Kerf_Op<"transpose", [SameOperandsAndResultElementType, Kerf_Moves, Kerf_View, Rowwise, Kerf_Linear, Differentiable, Lowerable]> {
  let summary = "axes in another order";
  let description = [{
    Axis `i` of `y` is axis `permutation[i]` of `x`.

    Constraints: (C1) `permutation` holds each axis of `x` once.
    (C2) `shape(y)[i] = shape(x)[permutation[i]]`.
    Gradient: `dx` is `dy` under the inverse permutation.

    %y = kerf.transpose %x, permutation = [2, 0, 1] : tensor<4x5x6xf32> -> tensor<6x4x5xf32>
  }];
  let arguments = (ins Kerf_Tensor:$x, DenseI64ArrayAttr:$permutation);
  let results = (outs Kerf_Tensor:$y);
  let assemblyFormat = "$x `,` `permutation` `=` $permutation attr-dict `:` type($x) `->` type($y)";
  let hasVerifier = 1;
  let hasFolder = 1;
  let rule = "transpose";
}
