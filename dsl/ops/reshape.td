include "ops.td"

def Kerf_ReshapeOp : Kerf_Op<"reshape", [SameOperandsAndResultElementType, Kerf_Moves, Kerf_View, Rowwise, Kerf_Linear, Differentiable, Lowerable]> {
  let summary = "the same elements under another shape";
  let description = [{
    `y` holds the elements of `x` in row-major order: `y.flat[i] = x.flat[i]`.

    Constraints: (C1) `numel(y) = numel(x)`.
    Gradient: `dx = reshape(dy, shape(x))`.

    %y = kerf.reshape %x : tensor<4x6xf32> -> tensor<2x12xf32>
  }];
  let arguments = (ins Kerf_Tensor:$x);
  let results = (outs Kerf_Tensor:$y);
  let assemblyFormat = "$x attr-dict `:` type($x) `->` type($y)";
  let hasVerifier = 1;
  let hasFolder = 1;
  let rule = "reshape";
}
