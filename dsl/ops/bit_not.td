include "ops.td"

def Kerf_BitNotOp : Kerf_Op<"bit_not", [SameOperandsAndResultType, Kerf_Elementwise, Lowerable]> {
  let summary = "the other bits of each element; of truths: not";
  let description = [{
    `y[i] = ~x[i]`, bit by bit.

    %y = kerf.bit_not %x : tensor<4x8xi1>
  }];
  let arguments = (ins Kerf_Bits:$x);
  let results = (outs Kerf_Bits:$y);
  let assemblyFormat = "$x attr-dict `:` type($x)";
  let hasFolder = 1;
  let rule = "same";
}
