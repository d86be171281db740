include "ops.td"

def Kerf_SliceAtOp : Kerf_Op<"slice_at", [AllElementTypesMatch<["x", "y"]>, Kerf_Moves, Rowwise, Kerf_Linear, Differentiable, Lowerable]> {
  let summary = "neighbours along one axis, from a place that is known when it runs; moved inside where they would reach outside";
  let description = [{
    `y[i, j, k] = x[i, at + j, k]`, `j < m` along `axis`, `at = clamp(offset, 0, n - m)`, where `x` has
    `n` along the axis and `y` has `m`. A box in several axes is several of these.

    Constraints: (C1) `axis < rank(x)`. (C2) `m <= n`, all other extents are equal. (C3) The element
    types are equal.
    Gradient: `dx = update_at(0, offset, dy)`.

    %y = kerf.slice_at %x, %offset, axis = 0 : tensor<9x4xf32> -> tensor<2x4xf32>
  }];
  let arguments = (ins Kerf_Tensor:$x, Kerf_Count:$offset, ConfinedAttr<I64Attr, [IntNonNegative]>:$axis);
  let results = (outs Kerf_Tensor:$y);
  let assemblyFormat = "$x `,` $offset `,` `axis` `=` $axis attr-dict `:` type($x) `->` type($y)";
  let hasVerifier = 1;
  let rule = "slice_at";
}
