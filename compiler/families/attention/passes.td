include "mlir/Pass/PassBase.td"

def FuseAttention : Pass<"kerf-fuse-attention", "::mlir::ModuleOp"> {
  let summary = "softmax(score(q k^T)) v  =>  attention(q, k, v)";
  let description = [{
    A contraction whose one operand is a softmax along the axis that it sums, of scores that are made
    of one contraction of queries and keys, element by element, becomes `kerf.attention`: O(N) memory
    in place of O(N^2). Runs before derivatives are taken, so that the op's own runs. [Dao 2022]

    Every element is followed back through views, so that axes and operands may stand in any order,
    heads be merged or split, and keys be repeated for groups of queries. The softmax may be written
    in any way: with or without the maximum, divided before or after the values are summed, as
    exp(log_softmax); where its maximum and its sum are kept from -inf and 0, rows without keys give 0.
    Constant factors of q, k and the product become `scale`; `select(c, x, -inf)` and sums with
    `select(c, 0, -inf)` the mask; all else is the score. What is added behind a mask is taken to be
    less than +inf. Comparisons of places are computed in i32.

    What the score takes besides is a capture: where it is read at places that are sums of multiples
    of (b, i, j), a table that a gather reads by such a place too; otherwise as the array that it is.

    Weights that leave the region, returned beside the result, are made by the plain ops that are
    there. Skipped when another op reads weights or scores (then all of it is run by blocks of rows),
    for f64, when a step between the two contractions needs more than one score, when scores add two
    contractions, when softmax and sum run over different axes. Every contraction with a softmax of a
    contraction is a candidate; what came of it is noted in the module's attribute `kerf.fusion`.
  }];
  let options = [Option<"explain", "explain", "bool", "false",
                        "a remark for every candidate: fused, or why not and what would help">];
  let dependentDialects = ["::kerf::compiler::KerfDialect", "::mlir::arith::ArithDialect"];
}

def LeaveAttention : Pass<"kerf-leave-attention", "::mlir::func::FuncOp"> {
  let summary = "attention of f64  =>  plain ops";
  let description = [{
    Kernels of `kerf.attention` and `kerf.attention_vjp` are of f32, bf16 and f16. The plain ops of
    others, whoever wrote them, are run by blocks of rows. Runs when derivatives have been taken.
  }];
  let dependentDialects = ["::kerf::compiler::KerfDialect", "::mlir::arith::ArithDialect"];
}
