include "ops.td"

def Kerf_ArgsortOp : Kerf_Op<"argsort", [Kerf_Decision, Rowwise]> {
  let summary = "the order of the elements along one axis, as indices; equal ones stay in theirs";
  let description = [{
    `y[r]` is the index of the element of rank `r` in `x`, both along `axis`: ordered from the smallest
    up, or with `descending` from the largest down. Equal elements, -0 and +0 among them, stand in the
    order of their indices. A NaN is larger than every number, as in PyTorch: the last, or descending
    the first. A decision, as `kerf.top_k` is. The indices are integers, so no cotangent flows; take
    the values by them (`take_along`).

    Constraints: (C1) `axis < rank(x)`. (C2) `shape(y) = shape(x)`.

    %y = kerf.argsort %x, axis = 1 {descending = true} : tensor<32x512xf32> -> tensor<32x512xi64>
  }];
  let arguments = (ins Kerf_Numbers:$x, ConfinedAttr<I64Attr, [IntNonNegative]>:$axis,
                       DefaultValuedAttr<BoolAttr, "false">:$descending);
  let results = (outs Kerf_Indices:$y);
  let assemblyFormat = "$x `,` `axis` `=` $axis attr-dict `:` type($x) `->` type($y)";
  let hasVerifier = 1;
  let rule = "along";
}
