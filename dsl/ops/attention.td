include "attention.td"

def Kerf_AttentionOp
    : Op<Kerf_Dialect, "attention", [Pure, IsolatedFromAbove, AttrSizedOperandSegments, Kerf_Fused, Kerf_FitsInMemory,
                                     Decomposable, DeclareOpInterfaceMethods<Kerf_Evaluable>,
                                     DeclareOpInterfaceMethods<Kerf_RegionDifferentiable>]> {
  let summary = "softmax of masked scores of queries and keys, times values";
  let description = [{
    With batch indices `b` (any number of leading axes), queries `i < M`, keys `j < N`:

        s[b, i, j] = score(scale * q[b, i].k[b, j], b, i, j, c)      w[b, i] = softmax over the j that are seen of s[b, i]
        o[b, i]    = sum_j w[b, i, j] v[b, j]                        lse[b, i] = log sum_j exp s[b, i, j]

    `q` is `b M D`, `k` is `b N D`, `v` is `b N E`, `o` is `b M E`, `lse` is `b M`. An axis of `b` that
    is 1 in `k` or `v` is the same for all (heads of queries that share a head of keys: `b h g M D`
    beside `b h 1 N D`).

    `score` and `mask` are scalar functions, written with kerf ops of elements on tensors without axes.
    `score` takes `s`, the batch indices, `i`, `j` (all i32), then an element of every capture, and
    yields the score; an empty region yields `s`. `mask` takes the same without `s`, and yields whether
    key `j` is seen by query `i` (i1); of an empty region all are. The element of a capture is at
    `maps[capture](b, i, j)`, affine maps that stay inside its shape.

    A key that is not seen counts nothing, whatever its score and value are (in the plain ops that stand
    for this one, values and keys are numbers: there 0 times infinity is NaN). A row without a key that
    is seen, and one whose scores all are `-inf`, has `lse = -inf`, and by `empty` either `o = 0`, and
    nothing flows back from it, or `o = NaN`. A NaN among the scores that are seen gives a row of NaN.

    With `rate`, weights are dropped behind the softmax: w[b, i, j] is kept, and divided by `1 - rate`,
    where the uniform of `kerf.uniform` at `offset` + the row-major place of (b, i, j) is `>= rate`.

    Sums are in f32, of f64 in f64, whatever the element type of `q`, `k` and `v` is; `lse` has that type.

    The derivative is `kerf.attention_vjp`, whose own derivatives, and forward mode, are those of the
    plain ops that stand for it.

    Constraints: (C1) `q`, `k`, `v`, `o` have equal element types and ranks, at least 2. (C2) D of `q`
    and `k`, N of `k` and `v` are equal; the batch axes of `k` and `v` are those of `q` or 1. (C3) the
    shapes of `o` and `lse` follow. (C4) there is a map for each capture, of rank(q) dims, with as many
    results as it has axes, which stays inside its shape. (C5) the regions' arguments and what they
    yield are as said above; they hold ops of elements, constants and casts alone. (C6) `rate` is in
    [0, 1), and goes with `key` and `offset`. Source: [Vaswani 2017, 3.2.1], [Dao 2022, alg. 1].

    %o, %lse = kerf.attention %q, %k, %v captures(%slopes : tensor<8xf32>) maps [affine_map<(b, h, i, j) -> (h)>]
        scale = 0.125, empty = "zero" score {
      ^bb0(%s: tensor<f32>, %b: tensor<i32>, %h: tensor<i32>, %i: tensor<i32>, %j: tensor<i32>, %slope: tensor<f32>):
        %d = kerf.sub %j, %i : tensor<i32>
        %x = kerf.cast %d : tensor<i32> -> tensor<f32>
        %y = kerf.mul %slope, %x : tensor<f32>
        %t = kerf.add %s, %y : tensor<f32>
        kerf.yield %t : tensor<f32>
    } mask {
      ^bb0(%b: tensor<i32>, %h: tensor<i32>, %i: tensor<i32>, %j: tensor<i32>, %slope: tensor<f32>):
        %seen = kerf.compare %j, %i, predicate = "le" : tensor<i32> -> tensor<i1>
        kerf.yield %seen : tensor<i1>
    } : tensor<2x8x64x32xf32>, tensor<2x8x64x32xf32>, tensor<2x8x64x32xf32> -> tensor<2x8x64x32xf32>, tensor<2x8x64xf32>
  }];
  let arguments = (ins Kerf_Floats:$q, Kerf_Floats:$k, Kerf_Floats:$v, Variadic<Kerf_Tensor>:$captures,
                       Optional<Kerf_Key>:$key, Optional<Kerf_Count>:$offset, F64Attr:$scale,
                       DefaultValuedAttr<AffineMapArrayAttr, "{}">:$maps, Kerf_EmptyRows:$empty,
                       OptionalAttr<F64Attr>:$rate);
  let results = (outs Kerf_Floats:$o, Kerf_Floats:$lse);
  let regions = (region AnyRegion:$score, AnyRegion:$mask);
  let assemblyFormat = [{
    $q `,` $k `,` $v (`captures` `(` $captures^ `:` type($captures) `)` `maps` $maps)?
    (`drop` `(` $key^ `,` $offset `,` $rate `)`)? `scale` `=` $scale `,` `empty` `=` $empty
    `score` $score `mask` $mask attr-dict
    `:` type($q) `,` type($k) `,` type($v) `->` type($o) `,` type($lse)
  }];
  let hasVerifier = 1;
  let hasRegionVerifier = 1;
  let hasCanonicalizeMethod = 1;
  let extraClassDeclaration = [{
    static ::llvm::StringRef family() { return "attention"; }
    unsigned batchRank() { return getQ().getType().getRank() - 2; }
  }];
}
