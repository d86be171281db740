include "ops.td"

def Kerf_UniformOp : Kerf_Op<"uniform", [Kerf_Draw, Differentiable]> {
  let summary = "uniform random numbers in [0, 1)";
  let description = [{
    `y.flat[i] = (w(offset + i) >> 8) * 2^-24`, where `w(j)` is word `j mod 4` of Philox4x32-10 at
    counter `(j / 4 low, j / 4 high, 0, 0)` under the two words of `key`. Bit-identical on every
    target, and for any split of the draw by offsets. `offset` counts modulo `2^64`.

    Constraints: (C1) no other draw reads `key`; the same draw twice is one value.
    Gradient: none; keys are integers. Source: [Salmon 2011].

    %y = kerf.uniform %key, %offset : tensor<4x8xf32>
  }];
  let arguments = (ins Kerf_Key:$key, Kerf_Count:$offset);
  let results = (outs StaticShapeTensorOf<[F32]>:$y);
  let assemblyFormat = "$key `,` $offset attr-dict `:` type($y)";
  let hasVerifier = 1;
}
