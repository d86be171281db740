include "mlir/Pass/PassBase.td"

def FuseVq : Pass<"kerf-fuse-vq", "::mlir::ModuleOp"> {
  let summary = "argmin(|e|^2 - 2 z.e)  =>  vq(z, e)";
  let description = [{
    Scores that are distances of rows from codes, or products with them, and that only an argmin
    reads, become `kerf.vq`: O(N + K) memory in place of O(N K). [van den Oord 2017, eq. 1]

    The scores under an argmin are taken apart into `b |e|^2 + a z.e + r`, `r` the same for all codes
    of a row (|z|^2, say; it is assumed finite) and dropped; or into `b sum((z - e)^2)`. Factors may
    stand anywhere, also on z or e; then `argmin = vq(-a / 2b z, e)`, or for `b = 0` by dot product.
    Steps between may be views that leave the axis of codes whole, a positive factor, and for a full
    distance a root or a clamp at 0.

    Batch axes of the contraction are heads, each with a codebook of its own. In a loop, what it has
    from outside is looked through. A multiple of `log(-log(uniform))` among the scores is Gumbel noise
    if its draw has the order of rows, then codes: `argmin = vq_sampled`. [Maddison 2014]

    Skipped when the contraction, or what it has gone into, has a second user, when another term
    varies with the code, when the farthest code is taken. Every argmin over a contraction or
    over a sum of differences is a candidate; what came of it is noted in the module's attribute
    `kerf.fusion`.
  }];
  let options = [Option<"explain", "explain", "bool", "false",
                        "a remark for every candidate: fused, or why not and what would help">];
  let dependentDialects = ["::kerf::compiler::KerfDialect", "::mlir::arith::ArithDialect"];
}
