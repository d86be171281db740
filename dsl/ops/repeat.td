include "ops.td"

def Kerf_RepeatOp
    : Op<Kerf_Dialect, "repeat", [Pure, IsolatedFromAbove, SingleBlock,
                                  DeclareOpInterfaceMethods<Kerf_Loop>, Lowerable,
                                  DeclareOpInterfaceMethods<Kerf_Evaluable>]> {
  let summary = "a function of its own results, a fixed number of times";
  let description = [{
    Runs the region `count` times: first on the `carried` operands, then on what it yielded, each
    time with the number of the iteration, 0 … count - 1, and with the same `captures`. Results: what
    it yielded last; with `count = 0` the carried operands. Compiled, it is one loop, whose memory
    does not grow with `count`.

    What argmin, compare and the like choose in the region is not among the decisions that tests take
    from a compiled run. There is no derivative: a gradient passes by a repeat only behind a
    `stop_gradient`; the region may hold a `value_and_grad` of its own.

    Constraints: (C1) `num_carried <= ` the number of operands. (C2) the region's arguments are the
    carried values, the number of the iteration, a tensor<i64>, and the captures. (C3) the region
    ends in `kerf.yield` of the carried values' types. (C4) these are the types of the results.

    The pretty form names the region's arguments:

    %y = kerf.repeat count = 5 index %i carried(%a = %x : tensor<8xf32>) captures(%c = %z : tensor<8xf32>) {
      %n = kerf.mul %a, %c : tensor<8xf32>
      kerf.yield %n : tensor<8xf32>
    }
  }];
  let arguments = (ins Variadic<Kerf_Tensor>:$x, ConfinedAttr<I64Attr, [IntNonNegative]>:$count,
                       ConfinedAttr<I64Attr, [IntPositive]>:$num_carried);
  let results = (outs Variadic<Kerf_Tensor>:$y);
  let regions = (region SizedRegion<1>:$body);
  let extraClassDeclaration = [{
    ::mlir::ValueRange getCarried() { return getX().take_front(getNumCarried()); }
    ::mlir::ValueRange getCaptures() { return getX().drop_front(getNumCarried()); }
    /// The region's argument that is the number of the iteration.
    ::mlir::BlockArgument getIndex() { return getBody().getArgument(getNumCarried()); }
  }];
  let hasCustomAssemblyFormat = 1;
  let hasVerifier = 1;
  let hasRegionVerifier = 1;
}
