include "ops.td"

def Kerf_GatherOp : Kerf_Op<"gather", [AllElementTypesMatch<["table", "y"]>, Kerf_Moves, Rowwise, Kerf_Linear, Differentiable]> {
  let summary = "rows of a table, by index; one outside of the table is that of its nearest row";
  let description = [{
    `y[i, j] = table[clamp(indices[i], 0, rows - 1), j]`, `i` over the shape of `indices`.

    Constraints: (C1) `table` has an axis 0, of at least one row. (C2) `shape(y)` is
    `shape(indices)` followed by `shape(table)` without axis 0. (C3) The element types are equal.
    Gradient: `dtable = scatter_add(dy, indices)`.

    %y = kerf.gather %table, %indices : tensor<512x64xf32>, tensor<32xi64> -> tensor<32x64xf32>
  }];
  let arguments = (ins Kerf_Numbers:$table, Kerf_Indices:$indices);
  let results = (outs Kerf_Numbers:$y);
  let assemblyFormat = [{
    $table `,` $indices attr-dict `:` type($table) `,` type($indices) `->` type($y)
  }];
  let hasVerifier = 1;
  let rule = "gather";
}
