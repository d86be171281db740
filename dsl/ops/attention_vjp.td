include "attention.td"

def Kerf_AttentionVjpOp
    : Op<Kerf_Dialect, "attention_vjp", [Pure, IsolatedFromAbove, AttrSizedOperandSegments, Kerf_Fused, Kerf_FitsInMemory,
                                         Decomposable, DeclareOpInterfaceMethods<Kerf_Evaluable>,
                                         DeclareOpInterfaceMethods<Kerf_RegionDifferentiable>]> {
  let summary = "cotangents of the operands of attention";
  let description = [{
    Of `o, lse = kerf.attention q, k, v, c`, with all that it is made by, given `lse`, the cotangent
    `g` of `o`, and `delta[b, i] = sum_e g[b, i, e] o[b, i, e]` less the cotangent of `lse`:

        p[b, i, j]  = exp(score(s, ...) - lse[b, i]), s = scale * q[b, i].k[b, j]; 0 for a key that is not seen, or where lse = -inf
        r[b, i, j]  = 1, or what dropping made of it: 0 or 1 / (1 - rate)
        dp[b, i, j] = p[b, i, j] (r[b, i, j] g[b, i].v[b, j] - delta[b, i])
        ds, dc      = score_vjp(s, b, i, j, c, dp)
        dq[b, i]    = scale * sum_j ds[b, i, j] k[b, j]           dk[b, j] = scale * sum_i ds[b, i, j] q[b, i]
        dv[b, j]    = sum_i r[b, i, j] p[b, i, j] g[b, i]         dc at maps(b, i, j) += dc[b, i, j]

    where `dk` and `dv` are summed over the batch axes that are 1 in `k` and `v`. No array of M x N
    exists, but the cotangent of a capture that is one. Every sum has one order, whatever the number of
    workers.

    `score_vjp` takes what `score` does, then the cotangent of the score; it yields that of `s`, then
    those of the captures that `wanted` numbers, in its order. It is empty where `score` is.

    Constraints: (C1) operands, maps and the first two regions are as in `kerf.attention`. (C2) `lse`
    and `delta` have its shape of `lse`, `g` that of `o`. (C3) `wanted` are numbers of captures of floats, ascending.
    (C4) `dq`, `dk`, `dv` have the types of `q`, `k`, `v`, the others those of the captures wanted. (C5)
    `score_vjp`'s arguments and what it yields are as said above. Source: [Dao 2022, alg. 4].

    %dq, %dk, %dv, %dc = kerf.attention_vjp %q, %k, %v captures(%bias : tensor<64x64xf32>) maps [affine_map<(h, i, j) -> (i, j)>]
        lse %lse delta %delta g %g scale = 0.125, empty = "nan", wanted = [0] score {
      ^bb0(%s: tensor<f32>, %h: tensor<i32>, %i: tensor<i32>, %j: tensor<i32>, %c: tensor<f32>):
        %t = kerf.add %s, %c : tensor<f32>
        kerf.yield %t : tensor<f32>
    } mask {
    } score_vjp {
      ^bb0(%s: tensor<f32>, %h: tensor<i32>, %i: tensor<i32>, %j: tensor<i32>, %c: tensor<f32>, %dp: tensor<f32>):
        kerf.yield %dp, %dp : tensor<f32>, tensor<f32>
    } : tensor<8x64x32xf32>, tensor<8x64x32xf32>, tensor<8x64x32xf32>, tensor<8x64xf32>, tensor<8x64xf32>, tensor<8x64x32xf32>
        -> tensor<8x64x32xf32>, tensor<8x64x32xf32>, tensor<8x64x32xf32>, tensor<64x64xf32>
  }];
  let arguments = (ins Kerf_Floats:$q, Kerf_Floats:$k, Kerf_Floats:$v, Variadic<Kerf_Tensor>:$captures,
                       Optional<Kerf_Key>:$key, Optional<Kerf_Count>:$offset, Kerf_Floats:$lse, Kerf_Floats:$delta,
                       Kerf_Floats:$g, F64Attr:$scale, DefaultValuedAttr<AffineMapArrayAttr, "{}">:$maps, Kerf_EmptyRows:$empty,
                       OptionalAttr<F64Attr>:$rate, DenseI64ArrayAttr:$wanted);
  let results = (outs Kerf_Floats:$dq, Kerf_Floats:$dk, Kerf_Floats:$dv, Variadic<Kerf_Tensor>:$dc);
  let regions = (region AnyRegion:$score, AnyRegion:$mask, AnyRegion:$score_vjp);
  let assemblyFormat = [{
    $q `,` $k `,` $v (`captures` `(` $captures^ `:` type($captures) `)` `maps` $maps)?
    (`drop` `(` $key^ `,` $offset `,` $rate `)`)? `lse` $lse `delta` $delta `g` $g
    `scale` `=` $scale `,` `empty` `=` $empty `,` `wanted` `=` $wanted
    `score` $score `mask` $mask `score_vjp` $score_vjp attr-dict
    `:` type($q) `,` type($k) `,` type($v) `,` type($lse) `,` type($delta) `,` type($g)
    `->` type($dq) `,` type($dk) `,` type($dv) (`,` type($dc)^)?
  }];
  let hasVerifier = 1;
  let hasRegionVerifier = 1;
  let hasCanonicalizeMethod = 1;
  let extraClassDeclaration = [{
    static ::llvm::StringRef family() { return "attention"; }
    unsigned batchRank() { return getQ().getType().getRank() - 2; }
  }];
}
