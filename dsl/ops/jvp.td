include "ops.td"

def Kerf_JvpOp
    : Op<Kerf_Dialect, "jvp", [Pure, IsolatedFromAbove, SingleBlock]> {
  let summary = "values, and their derivative along tangents of parameters";
  let description = [{
    Runs the region on `params` and `captures`. Results: what it yields, then, for each float of it,
    its tangent: the derivative along `tangents` of the params, J t. A value that no parameter
    reaches has tangent zero. Captures are constant to it. The differentiate pass expands the
    innermost op first, so a region may hold another one, or a `kerf.value_and_grad`.

    Constraints: (C1) `2 num_params <= ` the number of operands: params, their tangents, captures.
    (C2) parameters are floats. (C3) tangents have the types of their parameters. (C4) the region's
    arguments have the types of params and captures. (C5) the region ends in `kerf.yield`. (C6) the
    results have the types of what is yielded, then of the floats of it.

    The pretty form names the region's arguments; counts and result types follow from it:

    %y, %t = kerf.jvp params(%w = %p : tensor<8xf32>) tangents(%v) captures(%x = %a : tensor<8xf32>) {
      %z = kerf.mul %w, %x : tensor<8xf32>
      kerf.yield %z : tensor<8xf32>
    }
  }];
  let arguments = (ins Variadic<Kerf_Tensor>:$x, ConfinedAttr<I64Attr, [IntPositive]>:$num_params);
  let results = (outs Variadic<Kerf_Tensor>:$y);
  let regions = (region SizedRegion<1>:$body);
  let extraClassDeclaration = [{
    ::mlir::ValueRange getParams() { return getX().take_front(getNumParams()); }
    ::mlir::ValueRange getTangents() { return getX().slice(getNumParams(), getNumParams()); }
    ::mlir::ValueRange getCaptures() { return getX().drop_front(2 * getNumParams()); }
  }];
  let hasCustomAssemblyFormat = 1;
  let hasVerifier = 1;
  let hasRegionVerifier = 1;
}
