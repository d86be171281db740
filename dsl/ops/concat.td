include "ops.td"

def Kerf_ConcatOp : Kerf_Op<"concat", [SameOperandsAndResultElementType, Kerf_Moves, Rowwise, Kerf_Linear, Differentiable, Lowerable]> {
  let summary = "tensors one after another along an axis";
  let description = [{
    `y` holds `x[0]`, `x[1]`, ... one after another along `axis`.

    Constraints: (C1) there is at least one `x`. (C2) `axis < rank(x)`.
    (C3) the `x` agree in every extent but that of `axis`; those add up to the extent of `y`.
    Gradient: `dx[i]` is the slice of `dy` where `x[i]` stands.

    %y = kerf.concat(%a, %b), axis = 0 : (tensor<4x8xf32>, tensor<1x8xf32>) -> tensor<5x8xf32>
  }];
  let arguments = (ins Variadic<Kerf_Tensor>:$x, ConfinedAttr<I64Attr, [IntNonNegative]>:$axis);
  let results = (outs Kerf_Tensor:$y);
  let assemblyFormat = "`(` $x `)` `,` `axis` `=` $axis attr-dict `:` functional-type($x, $y)";
  let hasVerifier = 1;
  let hasFolder = 1;
  let rule = "concat";
}
