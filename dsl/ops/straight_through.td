include "ops.td"

def Kerf_StraightThroughOp : Kerf_Op<"straight_through",
    [SameOperandsAndResultType, Kerf_Elementwise, Kerf_Mark, Kerf_Moves, Differentiable, Lowerable]> {
  let summary = "the value of one, the gradient of another";
  let description = [{
    `y = q`, bit for bit.

    Gradient: `dz = dy`; nothing flows to `q`. Source: [Bengio 2013].

    %y = kerf.straight_through %z, %q : tensor<32x64xf32>
  }];
  let arguments = (ins Kerf_Numbers:$z, Kerf_Numbers:$q);
  let results = (outs Kerf_Numbers:$y);
  let assemblyFormat = "$z `,` $q attr-dict `:` type($z)";
  let rule = "elementwise";
}
