include "ops.td"

def Kerf_CountOp : Kerf_Op<"count"> {
  let summary = "a number of elements that each call of an open entry says";
  let description = [{
    `y = number`: a constant in all but that no pass may compute with it. In an entry whose leading dim
    is open, `number` is that of the most rows that a call can have; what its code writes is that of
    the call's. It rounds to the type of `y` as a constant does.

    Constraints: (C1) `y` is a scalar of a type that holds every count; a narrower one is a cast of it.

    %y = kerf.count 2048 : tensor<f32>   // of an entry of up to 256 rows of 8
  }];
  let arguments = (ins ConfinedAttr<I64Attr, [IntNonNegative]>:$number);
  let results = (outs Kerf_TensorOf<[F32, F64, I64, I32]>:$y);
  let assemblyFormat = "$number attr-dict `:` type($y)";
  let hasVerifier = 1;
}
