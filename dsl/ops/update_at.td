include "ops.td"

def Kerf_UpdateAtOp : Kerf_Op<"update_at", [AllTypesMatch<["x", "y"]>, Kerf_Moves, AllElementTypesMatch<["x", "update"]>,
    Rowwise, Kerf_Linear, Differentiable, Lowerable]> {
  let summary = "a tensor with other neighbours along one axis, from a place that is known when it runs; moved inside where they would reach outside";
  let description = [{
    `y[i, at + j, k] = update[i, j, k]` for `j < m` along `axis`, all other elements are those of `x`;
    `at = clamp(offset, 0, n - m)`, where `x` has `n` along the axis and `update` has `m`.

    Where nobody needs `x` any more, in a loop that carries it for example, it is updated in its place.

    Constraints: (C1) `axis < rank(x)`. (C2) `m <= n`, all other extents are equal. (C3)
    `type(y) = type(x)`, and the element types are equal.
    Gradient: `dx = update_at(dy, offset, 0)`, `dupdate = slice_at(dy, offset)`.

    %y = kerf.update_at %x, %offset, %u, axis = 0 : tensor<9x4xf32>, tensor<2x4xf32>
  }];
  let arguments = (ins Kerf_Tensor:$x, Kerf_Count:$offset, Kerf_Tensor:$update,
                       ConfinedAttr<I64Attr, [IntNonNegative]>:$axis);
  let results = (outs Kerf_Tensor:$y);
  let assemblyFormat = [{
    $x `,` $offset `,` $update `,` `axis` `=` $axis attr-dict `:` type($x) `,` type($update)
  }];
  let hasVerifier = 1;
  let rule = "update_at";
}
