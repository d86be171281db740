include "ops.td"

def Kerf_NormalOp : Kerf_Op<"normal", [Kerf_Draw, Differentiable]> {
  let summary = "random numbers of the standard normal distribution";
  let description = [{
    Box-Muller on the stream of words `w` that `uniform` defines. With `j = offset + i`, `e = j`
    rounded down to even, `u = ((w(e) >> 8) + 1) * 2^-24` and `v = (w(e + 1) >> 8) * 2^-24`:
    `y.flat[i] = sqrt(-2 log(u)) * cos(2 pi v)` for even `j`, `sin` in place of `cos` for odd.
    The words are bit-identical on every target; magnitudes end at 5.77.

    Constraints: (C1) no other draw reads `key`; the same draw twice is one value.
    Gradient: none; keys are integers. Sources: [Box & Muller 1958], [Salmon 2011].

    %y = kerf.normal %key, %offset : tensor<4x8xf32>
  }];
  let arguments = (ins Kerf_Key:$key, Kerf_Count:$offset);
  let results = (outs StaticShapeTensorOf<[F32]>:$y);
  let assemblyFormat = "$key `,` $offset attr-dict `:` type($y)";
  let hasVerifier = 1;
}
