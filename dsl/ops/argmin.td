include "ops.td"

def Kerf_ArgminOp : Kerf_Op<"argmin", [Kerf_Decision, Rowwise]> {
  let summary = "index of the smallest element along one axis";
  let description = [{
    `y[j] = argmin_k x[j, k]`, `k` along `axis`, which is dropped. The lowest index wins a tie; a NaN
    is smaller than every number, so the first NaN wins. A decision: an evaluation with forced
    decisions takes the indices that a compiled run chose.

    Constraints: (C1) `axis` is in [0, rank(x)). (C2) The axis has at least one element.
    (C3) `shape(y)` is `shape(x)` without `axis`.

    %y = kerf.argmin %x, axis = 1 : tensor<32x512xf32> -> tensor<32xi64>
  }];
  let arguments = (ins Kerf_Numbers:$x, I64Attr:$axis);
  let results = (outs Kerf_Indices:$y);
  let assemblyFormat = "$x `,` `axis` `=` $axis attr-dict `:` type($x) `->` type($y)";
  let hasVerifier = 1;
  let rule = "argmin";
}
