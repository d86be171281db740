// The passes of no family: their equations and conditions.
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
  let summary = "value_and_grad(f)(p)  =>  f(p), then its vjps backwards; jvp(f)(p, t)  =>  f(p), its tangents beside it";
  let description = [{
    Expands every `kerf.value_and_grad` and `kerf.jvp`, innermost first, into straight-line kerf ops:
    the region's ops, then for each of them, last to first, `operand cotangents += vjp(result
    cotangents)`, or beside each the tangents of its results. The derivative of a derivative is this
    expansion applied to what the inner one left. Ops with regions have derivatives with regions.

    A tangent is made by the op's own `jvp`, or by what it is: the op of the tangents where it is
    linear, the sum of ops of one tangent each where it is so in each operand, vjp(tangent) where its
    Jacobian is diagonal. Any other is the vjp of g -> vjp(g), which is linear.

    Cotangents flow along floats only, and only through ops that depend on a parameter. A parameter
    that the loss does not reach has gradient zero; one that it reaches through integer or i1 values
    alone has gradient zero and a warning. A path through an op with a `derivativeGap` is an error.

    %loss, %g = kerf.value_and_grad %x (...)     =>  %loss = kerf.sum(%x * %x); %g = %x + %x
    %y, %t = kerf.jvp %x, %v (...)               =>  %y = %x * %x; %t = %v * %x + %v * %x
  }];
  let dependentDialects = ["::kerf::compiler::KerfDialect", "::mlir::arith::ArithDialect"];
}

def ComputeNarrow : Pass<"kerf-compute-narrow", "::mlir::func::FuncOp"> {
  let summary = "contract(x, w) in an entry that computes in bf16  =>  cast(contract(cast(x), cast(w)))";
  let description = [{
    The policy of an entry, its attribute `kerf.compute`: contractions and convolutions of f32 take
    operands of the narrow type, and give it. What only moves, adds, multiplies or compares such
    numbers, a bias among them, stays narrow; all else is f32: parameters and the state of
    optimizers, norms, softmax, exponentials, sums and losses. Products of counts, and those that
    only lead to a choice (distances to codes), stay f32 too.

    Runs before kerf-differentiate: derivatives of what is narrow are narrow, and a parameter's
    gradient is f32, as the parameter is.

    %y = kerf.contract %x, %w : f32     =>  kerf.cast, kerf.cast, kerf.contract : bf16, kerf.cast
  }];
  let dependentDialects = ["::kerf::compiler::KerfDialect", "::mlir::arith::ArithDialect"];
}

def WidenNarrow : Pass<"kerf-widen-narrow", "::mlir::func::FuncOp"> {
  let summary = "add(x, y) of bf16  =>  cast(add(cast(x), cast(y))), the inner one of f32";
  let description = [{
    What is computed with elements of bf16, f16, i8 or i16 becomes an op on f32 or i32 between casts,
    each of which is exact or rounds once; ops that only move elements stay. Casts to and from bf16
    and f16 go by f32. Runs before kerf-differentiate, so that an op's derivative rounds once, too; and
    again after it, for the derivatives of ops that move elements, but before marks are dropped, so
    that what decomposes rounds as one op.

    %y = kerf.exp %x : tensor<4xbf16>     =>  kerf.cast, kerf.exp : tensor<4xf32>, kerf.cast
  }];
  let options = [Option<"differentiated", "differentiated", "bool", "false",
                        "only functions with a region, of which derivatives may be taken">];
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
    For tests. Appends the result of every decision (`kerf.argmin`, `kerf.compare`, …) of an entry
    to its results, leaves `d<n>` of a role of their own in program order, so that the oracle can
    follow what a compiled run chose. Those in a loop come out of it one behind the other, those of
    a branch that is not taken are 0. Runs after kerf-differentiate.
  }];
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

    So do gradients: scatter_add(g w, i) => scatter_add(g, i) w, and g^T gather(e, i) =>
    scatter_add(g, i)^T e where those sums are there. Rows are added first, where a scatter-add adds
    in blocks, and N D F operations become N F and 2 K D F. Rows that no index names stay 0, whatever
    w and e are there.
  }];
  let dependentDialects = ["::kerf::compiler::KerfDialect"];
}

def Decompose : Pass<"kerf-decompose", "::mlir::func::FuncOp"> {
  let summary = "op that plain ones can stand for  =>  its `decompose`: plain kerf ops";
  let description = [{
    The unfused form of fused ops, whoever wrote them: what the fused form is checked against.
  }];
  let options = [ListOption<"families", "families", "std::string",
                            "only the fused ops of these families; none named: all">];
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
