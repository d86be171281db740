include "ops.td"

def Kerf_F32 : Kerf_TensorOf<[F32]>;
def Kerf_VqSampledMetric : ConfinedAttr<StrAttr,
    [AttrConstraint<CPred<"::llvm::cast<::mlir::StringAttr>($_self).getValue() == \"l2\" || "
                          "::llvm::cast<::mlir::StringAttr>($_self).getValue() == \"dot\"">,
                    "whose value is one of l2, dot">]>;

def Kerf_VqSampledOp : Kerf_Op<"vq_sampled", [Kerf_Fused, Kerf_Decision, Decomposable]> {
  let summary = "index of a code drawn for every row, the nearer the likelier";
  let description = [{
    `codes[n] = argmin_k s[n, k] - t g[n, k]`, the scores `s` those of `kerf.vq` by `metric`, and `g`
    standard Gumbel noise: a draw from `softmax(-s / t)` for `t > 0` [Maddison 2014]. With `N` rows in
    row-major order, `K` codes, and `w(i)` the uniform of `kerf.uniform` at `offset + i`,
    `g[n, k] = -log(-log(max(w(n K + k), least)))`; for `least = 0` a word of 0 gives `-inf`.

    Rounded as the separate ops round: the score, `t g`, their difference. Ties, NaN and decisions are
    as in `kerf.vq`. Kept for a kernel, which holds neither all scores nor all noise.

    Constraints: (C1) `codebook` has two axes and at least one code. (C2) the last axes of `z` and
    `codebook` are equal. (C3) `shape(codes)` is `shape(z)` without its last axis. (C4) `t` has one
    element. (C5) `metric` is one of `l2 dot`. (C6) `least` is in [0, 1).

    %codes = kerf.vq_sampled %z, %e, %key, %offset, %t, metric = "l2", least = 0.0
        : tensor<2048x64xf32>, tensor<512x64xf32>, tensor<f32> -> tensor<2048xi64>
  }];
  let arguments = (ins Kerf_F32:$z, Kerf_F32:$codebook, Kerf_Key:$key, Kerf_Count:$offset,
                       Kerf_F32:$t, Kerf_VqSampledMetric:$metric, F64Attr:$least);
  let results = (outs Kerf_Indices:$codes);
  let assemblyFormat = [{
    $z `,` $codebook `,` $key `,` $offset `,` $t `,` `metric` `=` $metric `,` `least` `=` $least attr-dict
    `:` type($z) `,` type($codebook) `,` type($t) `->` type($codes)
  }];
  let hasVerifier = 1;
  let extraClassDeclaration = "static ::llvm::StringRef family() { return \"vq\"; }";
}
