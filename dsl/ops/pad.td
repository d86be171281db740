include "ops.td"

def Kerf_PadOp : Kerf_Op<"pad", [SameOperandsAndResultElementType, Kerf_Moves, Rowwise, Kerf_Linear, Differentiable, Lowerable]> {
  let summary = "a tensor with zeros around and between its elements";
  let description = [{
    `y[low + i * (interior + 1)] = x[i]` per axis, and zero elsewhere.

    Constraints: (C1) `low`, `high` and `interior` have one entry per axis of `x`, none negative.
    (C2) `shape(y) = low + shape(x) + (shape(x) - 1) * interior + high`.
    Gradient: `dx` is the slice of `dy` where `x` stood.

    %y = kerf.pad %x, low = [1, 0], high = [0, 2], interior = [0, 1] : tensor<4x8xf32> -> tensor<5x17xf32>
  }];
  let arguments = (ins Kerf_Tensor:$x, DenseI64ArrayAttr:$low, DenseI64ArrayAttr:$high,
                       DenseI64ArrayAttr:$interior);
  let results = (outs Kerf_Tensor:$y);
  let assemblyFormat = [{
    $x `,` `low` `=` $low `,` `high` `=` $high `,` `interior` `=` $interior attr-dict
    `:` type($x) `->` type($y)
  }];
  let hasVerifier = 1;
  let hasFolder = 1;
  let rule = "pad";
}
