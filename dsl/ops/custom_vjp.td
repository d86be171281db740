include "ops.td"

def Kerf_CustomVjpOp
    : Op<Kerf_Dialect, "custom_vjp", [Pure, IsolatedFromAbove, DeclareOpInterfaceMethods<Kerf_RegionDifferentiable>]> {
  let summary = "a function that says what its derivative is";
  let description = [{
    The value is what `forward` yields, run on `inputs` and `captures`. A derivative does not look
    into it: `backward` gives the cotangents of the float inputs, from the inputs, the results, the
    cotangents of the float results and the captures. It should be linear in these cotangents: in
    forward mode the tangents are those that its transpose gives, at cotangents of 1. Once all
    derivatives are taken, the op becomes the ops of `forward`.

    A capture gets no cotangent: a derivative in one is an error.

    Constraints: (C1) `num_inputs <= ` the number of operands. (C2) the arguments of `forward` have the
    types of the operands. (C3) those of `backward` have the types of inputs, results, float results,
    captures. (C4) both regions end in `kerf.yield`. (C5) the results have the types that `forward`
    yields. (C6) `backward` yields the types of the float inputs.

    %y = "kerf.custom_vjp"(%x) <{num_inputs = 1 : i64}> ({
    ^bb0(%a: tensor<8xf32>):
      %e = kerf.exp %a : tensor<8xf32>
      kerf.yield %e : tensor<8xf32>
    }, {
    ^bb0(%a: tensor<8xf32>, %b: tensor<8xf32>, %g: tensor<8xf32>):
      kerf.yield %g : tensor<8xf32>
    }) : (tensor<8xf32>) -> tensor<8xf32>
  }];
  let arguments = (ins Variadic<Kerf_Tensor>:$x, ConfinedAttr<I64Attr, [IntPositive]>:$num_inputs);
  let results = (outs Variadic<Kerf_Tensor>:$y);
  let regions = (region SizedRegion<1>:$forwards, SizedRegion<1>:$backwards);
  let extraClassDeclaration = [{
    ::mlir::ValueRange getInputs() { return getX().take_front(getNumInputs()); }
    ::mlir::ValueRange getCaptures() { return getX().drop_front(getNumInputs()); }
    /// The op's own ops, at the builder's place, for its results.
    ::llvm::SmallVector<::mlir::Value> inlined(::mlir::OpBuilder &builder);
  }];
  let hasVerifier = 1;
  let hasRegionVerifier = 1;
}
