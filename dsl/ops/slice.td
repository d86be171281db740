include "ops.td"

def Kerf_SliceOp : Kerf_Op<"slice", [SameOperandsAndResultElementType, Kerf_Moves,
    DeclareOpInterfaceMethods<Kerf_Rowwise, ["followRows"]>, Kerf_Linear, Differentiable, Lowerable]> {
  let summary = "every n-th element of a box inside a tensor";
  let description = [{
    `y[i] = x[offsets + i * strides]`, per axis for positions below `limits`.

    Constraints: (C1) `offsets`, `limits` and `strides` have one entry per axis of `x`.
    (C2) `0 <= offsets <= limits <= shape(x)`. (C3) `strides >= 1`.
    (C4) `shape(y) = ceil((limits - offsets) / strides)`.
    Gradient: `dx` is `dy` padded back to the shape of `x` with zeros.

    %y = kerf.slice %x, offsets = [0, 1], limits = [4, 8], strides = [1, 2] : tensor<4x8xf32> -> tensor<4x4xf32>
  }];
  let arguments = (ins Kerf_Tensor:$x, DenseI64ArrayAttr:$offsets, DenseI64ArrayAttr:$limits,
                       DenseI64ArrayAttr:$strides);
  let results = (outs Kerf_Tensor:$y);
  let assemblyFormat = [{
    $x `,` `offsets` `=` $offsets `,` `limits` `=` $limits `,` `strides` `=` $strides attr-dict
    `:` type($x) `->` type($y)
  }];
  let hasVerifier = 1;
  let hasFolder = 1;
  let rule = "slice";
}
