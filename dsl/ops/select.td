include "ops.td"

def Kerf_SelectOp : Kerf_Op<"select", [AllTypesMatch<["a", "b", "y"]>, Kerf_Moves, Kerf_Elementwise, Kerf_Linear, Differentiable, Lowerable]> {
  let summary = "one of two elements, by a condition";
  let description = [{
    `y[i] = c[i] ? a[i] : b[i]`. What is not chosen does not matter, NaN included.

    Constraints: (C1) `shape(c) = shape(a)`. (C2) `type(a) = type(b) = type(y)`.
    Gradient: `da = c ? dy : 0`, `db = c ? 0 : dy`.

    %y = kerf.select %c, %a, %b : tensor<4x8xi1>, tensor<4x8xf32>
  }];
  let arguments = (ins Kerf_Bools:$c, Kerf_Tensor:$a, Kerf_Tensor:$b);
  let results = (outs Kerf_Tensor:$y);
  let assemblyFormat = "$c `,` $a `,` $b attr-dict `:` type($c) `,` type($a)";
  let hasVerifier = 1;
  let hasFolder = 1;
  let rule = "select";
}
