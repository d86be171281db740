include "ops.td"

def Kerf_BroadcastOp : Kerf_Op<"broadcast", [SameOperandsAndResultElementType, Kerf_Moves, Rowwise, Kerf_Linear, Differentiable, Lowerable]> {
  let summary = "a tensor repeated along new axes and along axes of extent 1";
  let description = [{
    Axis `i` of `x` is axis `dims[i]` of `y`; where its extent is 1 the one element is repeated, and
    along the axes of `y` that `dims` does not name all of `x` is.

    Constraints: (C1) `dims` has one entry per axis of `x`, ascending, each an axis of `y`.
    (C2) `shape(x)[i]` is `shape(y)[dims[i]]` or 1.
    Gradient: `dx` = the sum of `dy` over the repeated axes, in the shape of `x`.

    %y = kerf.broadcast %x, dims = [1] : tensor<8xf32> -> tensor<4x8xf32>
  }];
  let arguments = (ins Kerf_Tensor:$x, DenseI64ArrayAttr:$dims);
  let results = (outs Kerf_Tensor:$y);
  let assemblyFormat = "$x `,` `dims` `=` $dims attr-dict `:` type($x) `->` type($y)";
  let hasVerifier = 1;
  let hasFolder = 1;
  let rule = "broadcast";
}
