include "ops.td"

def Kerf_ValueAndGradOp
    : Op<Kerf_Dialect, "value_and_grad", [Pure, IsolatedFromAbove, SingleBlock]> {
  let summary = "a loss, auxiliary values, and the gradient of the loss";
  let description = [{
    Runs the region on `params` and `captures`. Results: the loss, the auxiliary values, and one
    gradient per parameter; a parameter that the loss does not reach has gradient zero. Captures and
    auxiliary values are constant to the gradient. The differentiate pass expands the innermost op
    first, so a region may hold another one.

    Constraints: (C1) `num_params <= ` the number of operands. (C2) parameters are floats.
    (C3) the region's arguments have the operands' types. (C4) the region ends in `kerf.yield` of
    the loss, a float of rank 0, and of `num_aux` auxiliary values.
    (C5) the results have the types of what is yielded, then of the parameters.

    The pretty form names the region's arguments; counts and result types follow from it:

    %loss, %dw = kerf.value_and_grad params(%w = %p : tensor<8xf32>) captures(%x = %a : tensor<8xf32>) {
      %y = kerf.mul %w, %x : tensor<8xf32>
      %l = kerf.sum %y, axes = [0] : tensor<8xf32> -> tensor<f32>
      kerf.yield %l : tensor<f32>
    }
  }];
  let arguments = (ins Variadic<Kerf_Tensor>:$x, ConfinedAttr<I64Attr, [IntPositive]>:$num_params,
                       ConfinedAttr<I64Attr, [IntNonNegative]>:$num_aux);
  let results = (outs Variadic<Kerf_Tensor>:$y);
  let regions = (region SizedRegion<1>:$body);
  let extraClassDeclaration = [{
    /// The operands that the gradient is taken in; the others are captures.
    ::mlir::ValueRange getParams() { return getX().take_front(getNumParams()); }
    ::mlir::ValueRange getCaptures() { return getX().drop_front(getNumParams()); }
  }];
  let hasCustomAssemblyFormat = 1;
  let hasVerifier = 1;
  let hasRegionVerifier = 1;
}
