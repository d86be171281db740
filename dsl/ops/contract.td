include "ops.td"

def Kerf_ContractOp : Kerf_Op<"contract", [SameOperandsAndResultElementType, Kerf_SumOfProducts, Rowwise, Kerf_LinearInEach, Differentiable]> {
  let summary = "product of two tensors, summed over shared axes";
  let description = [{
    `y[n, i, j] = sum_k a[n, i, k] * b[n, j, k]`, where `n` are the axes `a_batch` of `a` and
    `b_batch` of `b`, `k` the axes `a_contract` and `b_contract`, pairwise in the order given, and
    `i`, `j` the free axes of `a` and `b` in their own order. A matrix product is a case of it.
    Without a contracting axis it is an outer product. Kept for a kernel.

    Constraints: (C1) `a_batch` and `b_batch`, and `a_contract` and `b_contract`, have equal length.
    (C2) the axes of `a` are in range and none is named twice; so are those of `b`.
    (C3) paired axes have equal extents. (C4) `shape(y)` = batch, free axes of `a`, free axes of `b`.
    Gradient: `da[n, i, k] = sum_j dy[n, i, j] * b[n, j, k]`, `db[n, j, k] = sum_i dy[n, i, j] * a[n, i, k]`.

    %y = kerf.contract %a, %b, a_batch = [], b_batch = [], a_contract = [1], b_contract = [0] : tensor<4x64xf32>, tensor<64x32xf32> -> tensor<4x32xf32>
  }];
  let arguments = (ins Kerf_Floats:$a, Kerf_Floats:$b,
                       DenseI64ArrayAttr:$a_batch, DenseI64ArrayAttr:$b_batch,
                       DenseI64ArrayAttr:$a_contract, DenseI64ArrayAttr:$b_contract);
  let results = (outs Kerf_Floats:$y);
  let assemblyFormat = [{
    $a `,` $b `,` `a_batch` `=` $a_batch `,` `b_batch` `=` $b_batch `,`
    `a_contract` `=` $a_contract `,` `b_contract` `=` $b_contract attr-dict
    `:` type($a) `,` type($b) `->` type($y)
  }];
  let hasVerifier = 1;
  let rule = "contract";
}
