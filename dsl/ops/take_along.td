include "ops.td"

def Kerf_TakeAlongOp : Kerf_Op<"take_along", [AllElementTypesMatch<["x", "y"]>, Kerf_Moves, Rowwise, Kerf_Linear, Differentiable]> {
  let summary = "elements along one axis, by an index each; one outside of the axis is that of its nearest element";
  let description = [{
    `y[i, j, k] = x[i, clamp(indices[i, j, k], 0, n - 1), k]`, `j` along `axis`, of which `x` has `n`.

    Constraints: (C1) `axis < rank(x)`, and `x` has at least one element along it. (C2) `x` and
    `indices` have equal extents but along `axis`. (C3) `shape(y) = shape(indices)`. (C4) The element
    types of `x` and `y` are equal.
    Gradient: `dx = scatter_add_along(dy, indices)`. PyTorch: `gather`.

    %y = kerf.take_along %x, %i, axis = 1 : tensor<4x512xf32>, tensor<4x3xi64> -> tensor<4x3xf32>
  }];
  let arguments = (ins Kerf_Numbers:$x, Kerf_Indices:$indices, ConfinedAttr<I64Attr, [IntNonNegative]>:$axis);
  let results = (outs Kerf_Numbers:$y);
  let assemblyFormat = [{
    $x `,` $indices `,` `axis` `=` $axis attr-dict `:` type($x) `,` type($indices) `->` type($y)
  }];
  let hasVerifier = 1;
  let rule = "take_along";
}
