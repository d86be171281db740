include "ops.td"

def Kerf_Predicate : ConfinedAttr<StrAttr,
    [AttrConstraint<CPred<"::llvm::StringSwitch<bool>(::llvm::cast<::mlir::StringAttr>($_self).getValue())"
                          ".Cases({\"lt\", \"le\", \"gt\", \"ge\", \"eq\", \"ne\"}, true).Default(false)">,
                    "whose value is one of lt, le, gt, ge, eq, ne">]>;

def Kerf_CompareOp : Kerf_Op<"compare", [AllTypesMatch<["a", "b"]>, Kerf_Elementwise, Kerf_Decision, Lowerable]> {
  let summary = "elementwise truth of an order or an equality";
  let description = [{
    `y[i] = a[i] <predicate> b[i]`. With a NaN only `ne` is true; `-0 = +0`; false < true.
    A decision: an evaluation with forced decisions takes the result that a compiled run chose.

    Constraints: (C1) `predicate` is one of `lt le gt ge eq ne`. (C2) `type(a) = type(b)`.
    (C3) `shape(y) = shape(a)`.

    %y = kerf.compare %a, %b, predicate = "lt" : tensor<4x8xf32> -> tensor<4x8xi1>
  }];
  let arguments = (ins Kerf_Tensor:$a, Kerf_Tensor:$b, Kerf_Predicate:$predicate);
  let results = (outs Kerf_Bools:$y);
  let assemblyFormat = "$a `,` $b `,` `predicate` `=` $predicate attr-dict `:` type($a) `->` type($y)";
  let hasVerifier = 1;
  let hasFolder = 1;
  let rule = "elementwise";
}
