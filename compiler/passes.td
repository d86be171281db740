// Every pass of the compiler: its equation and its condition.
#ifndef KERF_PASSES_TD
#define KERF_PASSES_TD

include "mlir/Pass/PassBase.td"

def RaiseFunctions : Pass<"kerf-raise-functions", "::mlir::func::FuncOp"> {
  let summary = "log(sigmoid(x))  =>  -softplus(-x), and other formulas that cancel";
  let description = [{
    Formulas of which f32 leaves nothing in a tail become the function that they are, before
    derivatives are taken, so that those keep their digits too:

        log(sigmoid(x)) => -softplus(-x)    1 - sigmoid(x) => sigmoid(-x)
        log(1 + x) => log1p(x)              e^x - 1 => expm1(x)
        log(1 + e^x) => softplus(x)         1 / (1 + e^-x) => sigmoid(x)
  }];
  let dependentDialects = ["::kerf::compiler::KerfDialect"];
}

def Differentiate : Pass<"kerf-differentiate", "::mlir::func::FuncOp"> {
  let summary = "value_and_grad(f)(p)  =>  f(p), then its vjps backwards";
  let description = [{
    Expands every `kerf.value_and_grad`, innermost first, into straight-line kerf ops: the region's
    ops, then for each of them, last to first, `operand cotangents += vjp(result cotangents)`. The
    gradient of a gradient is this expansion applied to what the inner one left.

    Cotangents flow along floats only, and only through ops that depend on a parameter. A parameter
    that the loss does not reach has gradient zero; one that it reaches through integer or i1 values
    alone has gradient zero and a warning. A path through an op with a `derivativeGap` is an error.

    %loss, %g = kerf.value_and_grad %x (...)     =>  %loss = kerf.sum(%x * %x); %g = %x + %x
  }];
  let dependentDialects = ["::kerf::compiler::KerfDialect", "::mlir::arith::ArithDialect"];
}

def DropMarks : Pass<"kerf-drop-marks", "::mlir::func::FuncOp"> {
  let summary = "straight_through(z, q)  =>  q, stop_gradient(x)  =>  x";
  let description = [{
    What only derivatives heed becomes its value, and `log_softmax`, an op for the sake of its
    derivative, the plain ops that it is made of; runs after kerf-differentiate, when all are taken.
    A contraction with `straight_through(y, 0)`, which is nothing but a path for gradients, is 0: no
    array of rows x codes is made for the value of `(y - stop_gradient(y)) e`. What it is contracted
    with is assumed finite.

    %q = kerf.straight_through %y, %zeros; kerf.contract %q, %e     =>  0
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect"];
}

def ExposeDecisions : Pass<"kerf-expose-decisions", "::mlir::func::FuncOp"> {
  let summary = "entry(x) -> y  =>  entry(x) -> y, every decision on the way";
  let description = [{
    For tests. Appends the result of every decision (`kerf.argmin`, `kerf.compare`, `kerf.vq`) of an
    entry to its results, leaves `d<n>` of a role of their own in program order, so that the oracle can follow what a compiled
    run chose. Runs after kerf-differentiate.
  }];
}

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

def StreamRows : Pass<"kerf-stream-rows", "::mlir::ModuleOp"> {
  let summary = "softmax(z e^T) e, and its gradients  =>  rows(block of z, e)";
  let description = [{
    A softmax over codes, soft assignments, entropies and all their derivatives, and choices of codes
    that have no kernel of their own, make arrays of rows x codes between a contraction and
    reductions. Where no op among them mixes rows, but by a sum over all of them, they run for one
    block of rows after another: O(block K) memory in place of O(N K).

    What a step needs that only the sum over all rows gives comes a region later; regions make the
    scores of their rows again instead of storing them. Draws of all scores take the words of their
    rows, so that they are the same numbers. Sums over rows become sums of blocks' sums, in the order
    of `kerf.rows`.

    A chain of searches, each in what the one before left, is run for a block of rows from the first
    level to the last, where what levels left is read nowhere else: no array of it is left.

    Skipped when the scores leave the entry, when rows meet rows, when an op needs all scores at
    once; and without a word below `min-elements` scores. Every contraction whose scores outnumber
    rows and codes, and are exponentiated and summed over the codes or chosen from, is a candidate.

    %p = softmax(%z %e^T) : tensor<4096x512xf32>     =>  kerf.rows block = 64 sliced(%z) whole(%e)
  }];
  let options = [Option<"explain", "explain", "bool", "false",
                        "a remark for every candidate: streamed, or why not and what would help">,
                 Option<"minElements", "min-elements", "int64_t", "262144",
                        "scores that fewer are no candidates: they fit in a cache">,
                 Option<"blockElements", "block-elements", "int64_t", "32768",
                        "how many scores a block should have, at 64 to 256 rows">];
  let dependentDialects = ["::kerf::compiler::KerfDialect", "::mlir::arith::ArithDialect"];
}

def ProjectGathered : Pass<"kerf-project-gathered", "::mlir::func::FuncOp"> {
  let summary = "gather(e, i) w  =>  gather(e w, i)";
  let description = [{
    What follows a codebook is often a projection, whose rows repeat: each code is projected once
    instead of once for every row that took it, 2 K D F operations in place of 2 N D F. The chain of
    sums behind a number is the same, so that no bit changes.

    Skipped where the table has no fewer rows than are gathered. Runs after kerf-drop-marks, which
    removes a straight_through that stands between the two.
  }];
  let dependentDialects = ["::kerf::compiler::KerfDialect"];
}

def Decompose : Pass<"kerf-decompose", "::mlir::func::FuncOp"> {
  let summary = "fused op  =>  its `decompose`: plain kerf ops";
  let description = [{
    The unfused form of fused ops, whoever wrote them: what the fused form is checked against.
  }];
  let options = [ListOption<"families", "families", "std::string",
                            "only these, by name (vq); none named: all">];
  let dependentDialects = ["::kerf::compiler::KerfDialect", "::mlir::arith::ArithDialect"];
}

def Lower : Pass<"kerf-lower", "::mlir::func::FuncOp"> {
  let summary = "kerf op  =>  its `lower`: linalg, tensor, arith, math and scf on tensors";
  let description = [{
    After it no kerf op is left but those with a kernel of their own (contract, conv, argmin …).
  }];
  let dependentDialects = ["::kerf::compiler::KerfDialect", "::mlir::arith::ArithDialect",
                           "::mlir::linalg::LinalgDialect", "::mlir::math::MathDialect",
                           "::mlir::scf::SCFDialect", "::mlir::tensor::TensorDialect"];
}

#endif
