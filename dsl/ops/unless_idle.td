include "ops.td"

def Kerf_UnlessIdleOp : Kerf_Op<"unless_idle", [SameOperandsAndResultType, Kerf_Elementwise, Differentiable, Lowerable]> {
  let summary = "a cotangent made of another one, 0 where that is 0 and it is NaN";
  let description = [{
    `y[i] = 0` where `g[i] = 0` and `flow[i]` is NaN, otherwise `flow[i]`, every bit of it. A
    derivative that has made `flow` of `g` by a factor or a divisor says so, because what is not
    chosen has no part in a loss: of 0 times infinity, 0 times NaN and 0 / 0 nothing flows.

    Gradient: `dflow = dy`, 0 where `y` was made 0.

    %y = kerf.unless_idle %flow, %g : tensor<4x8xf32>
  }];
  let arguments = (ins Kerf_Floats:$flow, Kerf_Floats:$g);
  let results = (outs Kerf_Floats:$y);
  let assemblyFormat = "$flow `,` $g attr-dict `:` type($flow)";
  let hasFolder = 1;
}
