// Every pass of the compiler: its equation, its condition, what it counts.
#ifndef KERF_PASSES_TD
#define KERF_PASSES_TD

include "mlir/Pass/PassBase.td"

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
  let statistics = [
    Statistic<"numExpanded", "expanded", "value_and_grad regions expanded">,
    Statistic<"numVjps", "vjps", "vjps taken">,
    Statistic<"numPruned", "pruned", "dead ops removed after expansion">
  ];
  let dependentDialects = ["::kerf::KerfDialect", "::mlir::arith::ArithDialect"];
}

def ExposeDecisions : Pass<"kerf-expose-decisions", "::mlir::func::FuncOp"> {
  let summary = "entry(x) -> y  =>  entry(x) -> y, every decision on the way";
  let description = [{
    For tests. Appends the result of every `kerf.argmin` and `kerf.compare` of an entry to its
    results, named `decision.<n>` in program order, so that the oracle can follow what a compiled
    run chose. Runs after kerf-differentiate.
  }];
  let statistics = [Statistic<"numExposed", "exposed", "decisions exposed">];
}

def Lower : Pass<"kerf-lower", "::mlir::func::FuncOp"> {
  let summary = "kerf op  =>  its `lower`: linalg, tensor, arith and math on tensors";
  let description = [{
    After it no kerf op is left but those with a kernel of their own (contract, conv, argmin …).
  }];
  let statistics = [Statistic<"numLowered", "lowered", "ops lowered">,
                    Statistic<"numKept", "kept", "ops kept for a kernel">];
  let dependentDialects = ["::kerf::KerfDialect", "::mlir::arith::ArithDialect",
                           "::mlir::linalg::LinalgDialect", "::mlir::math::MathDialect",
                           "::mlir::tensor::TensorDialect"];
}

#endif
