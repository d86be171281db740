include "ops.td"

def Kerf_MaxOp : Kerf_Op<"max",
    [AllElementTypesMatch<["x", "y"]>, Rowwise, Differentiable, Lowerable]> {
  let summary = "largest element over some axes";
  let description = [{
    `y[j] = max_k x[j, k]`, `k` over `axes`, which are dropped; NaN if any is NaN; `-inf` (for
    integers the smallest) over no elements.

    Constraints: (C1) `axes` ascend in [0, rank(x)). (C2) `shape(y)` is `shape(x)` without `axes`.
    (C3) The element types are equal.
    Gradient: `dy`, shared evenly by the elements that equal `y`.

    %y = kerf.max %x, axes = [1] : tensor<4x8xf32> -> tensor<4xf32>
  }];
  let arguments = (ins Kerf_Numbers:$x, DenseI64ArrayAttr:$axes);
  let results = (outs Kerf_Numbers:$y);
  let assemblyFormat = "$x `,` `axes` `=` $axes attr-dict `:` type($x) `->` type($y)";
  let hasVerifier = 1;
  let hasFolder = 1;
  let rule = "reduce";
}
