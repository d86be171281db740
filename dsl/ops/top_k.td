include "ops.td"

def Kerf_TopKOp : Kerf_Op<"top_k", [Kerf_Decision, Rowwise]> {
  let summary = "indices of the k largest elements along the last axis, the largest first";
  let description = [{
    `y[j, r]` is the index of the element of rank `r < k` in the row `x[j]` along the last axis, ordered
    from the largest down. Equal elements stand in the order of their indices, the lowest first; a NaN
    is larger than every number, as in PyTorch, so NaNs come first, in the order of their indices.
    For `k = 1` it is the argmin of `-x`. A decision, as `kerf.argmin` is: forced, each chosen element
    may lose to the one of its rank by the stated bound, and none may be chosen twice. The indices are
    integers, so no cotangent flows; gather the values with them.

    Constraints: (C1) `x` has at least one axis. (C2) `k` is in [1, n], `n` the extent of the last axis.
    (C3) `shape(y)` is `shape(x)` with `k` in place of `n`.

    %y = kerf.top_k %x, k = 4 : tensor<32x512xf32> -> tensor<32x4xi64>
  }];
  let arguments = (ins Kerf_Numbers:$x, I64Attr:$k);
  let results = (outs Kerf_Indices:$y);
  let assemblyFormat = "$x `,` `k` `=` $k attr-dict `:` type($x) `->` type($y)";
  let hasVerifier = 1;
  let rule = "top_k";
}
