include "ops.td"

def Kerf_ScatterAddOp : Kerf_Op<"scatter_add",
    [AllElementTypesMatch<["updates", "y"]>, Kerf_SumOfProducts, Rowwise, Kerf_Linear, Differentiable]> {
  let summary = "rows added into a table of zeros, by index; one outside of the table is that of its nearest row";
  let description = [{
    `y[r, j] = sum_i updates[i, j]` over the `i` with `clamp(indices[i], 0, rows - 1) = r`, added in
    ascending (row-major) order of `i`, starting from 0; where rows are few for so many updates, in
    blocks whose sums are added pairwise ("The order of sums" in dsl/guide.md).

    Constraints: (C1) `shape(updates)` begins with `shape(indices)`. (C2) `rows` is positive.
    (C3) `shape(y)` is `rows` followed by the rest of `shape(updates)`. (C4) The element types are equal.
    Gradient: `dupdates = gather(dy, indices)`.

    %y = kerf.scatter_add %u, %i, rows = 512 : tensor<32x64xf32>, tensor<32xi64> -> tensor<512x64xf32>
  }];
  let arguments = (ins Kerf_Numbers:$updates, Kerf_Indices:$indices,
                       I64Attr:$rows);
  let results = (outs Kerf_Numbers:$y);
  let assemblyFormat = [{
    $updates `,` $indices `,` `rows` `=` $rows attr-dict
    `:` type($updates) `,` type($indices) `->` type($y)
  }];
  let hasVerifier = 1;
  let rule = "scatter_add";
}
