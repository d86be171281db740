include "ops.td"

def Kerf_FoldKeyOp : Kerf_Op<"fold_key"> {
  let summary = "key of a child stream";
  let description = [{
    `y` = words 0 and 1 of Philox4x32-10 at counter `(n low, n high, 0, 1)` under `key`; no draw
    reads such a counter, so a key and its children are independent. Integers; no gradient.

    %y = kerf.fold_key %key, %n
  }];
  let arguments = (ins Kerf_Key:$key, Kerf_Count:$n);
  let results = (outs Kerf_Key:$y);
  let assemblyFormat = "$key `,` $n attr-dict";
}
