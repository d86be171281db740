include "ops.td"

def Kerf_ScatterAddAlongOp : Kerf_Op<"scatter_add_along",
    [AllElementTypesMatch<["updates", "y"]>, Kerf_SumOfProducts, Rowwise, Kerf_Linear, Differentiable]> {
  let summary = "elements added along one axis into zeros, by an index each; one outside of the axis is that of its nearest element";
  let description = [{
    `y[i, r, k] = sum_j updates[i, j, k]` over the `j` along `axis` with
    `clamp(indices[i, j, k], 0, n - 1) = r`, `n` being what `y` has of `axis`; added one by one in
    ascending order of `j`, from 0.

    Constraints: (C1) `axis < rank(updates)`. (C2) `shape(indices) = shape(updates)`. (C3) `y` has the
    extents of `updates` but along `axis`, where it has at least one. (C4) The element types are equal.
    Gradient: `dupdates = take_along(dy, indices)`. PyTorch: `scatter_add`.

    %y = kerf.scatter_add_along %u, %i, axis = 1 : tensor<4x3xf32>, tensor<4x3xi64> -> tensor<4x512xf32>
  }];
  let arguments = (ins Kerf_Numbers:$updates, Kerf_Indices:$indices, ConfinedAttr<I64Attr, [IntNonNegative]>:$axis);
  let results = (outs Kerf_Numbers:$y);
  let assemblyFormat = [{
    $updates `,` $indices `,` `axis` `=` $axis attr-dict `:` type($updates) `,` type($indices) `->` type($y)
  }];
  let hasVerifier = 1;
  let rule = "scatter_add_along";
}
