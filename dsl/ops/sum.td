include "ops.td"

def Kerf_SumOp : Kerf_Op<"sum",
    [AllElementTypesMatch<["x", "y"]>, Kerf_SumOfProducts, Rowwise, Kerf_Linear, Differentiable, Lowerable]> {
  let summary = "sum over some axes";
  let description = [{
    `y[j] = sum_k x[j, k]`, `k` over `axes`, which are dropped; 0 over no elements. Integers modulo
    `2^bits`. Compiled float additions have an order, that of "The order of sums" in dsl/guide.md: if
    `axes` include the innermost axis, element k (row-major over `axes`) goes to lane k mod 16 and
    the lanes fold by 8, 4, 2, 1; otherwise they are one chain over ascending k; more than 512
    elements, 32 terms of a chain, are summed in such blocks, whose sums are added pairwise. The
    oracle adds in double precision and rounds once.

    Constraints: (C1) `axes` ascend in [0, rank(x)). (C2) `shape(y)` is `shape(x)` without `axes`.
    (C3) The element types are equal.
    Gradient: `dx = dy`, broadcast along `axes`.

    %y = kerf.sum %x, axes = [1] : tensor<4x8xf32> -> tensor<4xf32>
  }];
  let arguments = (ins Kerf_Numbers:$x, DenseI64ArrayAttr:$axes);
  let results = (outs Kerf_Numbers:$y);
  let assemblyFormat = "$x `,` `axes` `=` $axes attr-dict `:` type($x) `->` type($y)";
  let hasVerifier = 1;
  let hasFolder = 1;
  let rule = "reduce";
}
