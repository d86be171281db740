include "ops.td"

def Kerf_RowsOp : Op<Kerf_Dialect, "rows", [Pure, IsolatedFromAbove, SingleBlock, Kerf_Fused,
                                                DeclareOpInterfaceMethods<Kerf_Loop>, Lowerable]> {
  let summary = "a function of rows, run on one block of rows after another";
  let description = [{
    With `n` rows, `n / block` times: the region takes the next `block` rows of every `sliced`
    operand, all of every `whole` one, the sums so far, and the number of the block. It yields its
    rows of the first results, which lie one after another in the whole result, then the next sums,
    which are the last results. What the region makes in between exists for one block only: this is
    how `kerf-stream-rows` keeps arrays of rows x codes from existing. No model is written with it,
    and the oracle runs what a model says before this op is made.

    Constraints: (C1) `num_sliced + num_whole <= ` the number of operands, the rest are sums.
    (C2) all sliced operands and the first results have equal extents of axis 0, a multiple of
    `block`. (C3) the region's arguments are the number of the block, then the operands, of sliced
    ones `block` rows. (C4) the region ends in `kerf.yield` of `block` rows of every result that is
    no sum, then of every sum. (C5) the region adds to a sum so far, and does nothing else with it:
    the op may begin anew and add up later, so sums of blocks are added in order within groups of 16,
    those of groups pairwise ("The order of sums" in dsl/guide.md).

    %p, %s = kerf.rows block = 2 index %i sliced(%a = %x : tensor<6x3xf32>) sums(%t = %zero : tensor<3xf32>) {
      %y = kerf.exp %a : tensor<2x3xf32>
      %part = kerf.sum %y, axes = [0] : tensor<2x3xf32> -> tensor<3xf32>
      %next = kerf.add %t, %part : tensor<3xf32>
      kerf.yield %y, %next : tensor<2x3xf32>, tensor<3xf32>
    } -> tensor<6x3xf32>, tensor<3xf32>
  }];
  let arguments = (ins Variadic<Kerf_Tensor>:$x, ConfinedAttr<I64Attr, [IntPositive]>:$block,
                       ConfinedAttr<I64Attr, [IntNonNegative]>:$num_sliced,
                       ConfinedAttr<I64Attr, [IntNonNegative]>:$num_whole);
  let results = (outs Variadic<Kerf_Tensor>:$y);
  let regions = (region SizedRegion<1>:$body);
  let extraClassDeclaration = [{
    static ::llvm::StringRef family() { return "rows"; }
    ::mlir::ValueRange getSliced() { return getX().take_front(getNumSliced()); }
    ::mlir::ValueRange getWhole() { return getX().slice(getNumSliced(), getNumWhole()); }
    ::mlir::ValueRange getSums() { return getX().drop_front(getNumSliced() + getNumWhole()); }
    /// The results that are no sums.
    ::mlir::ValueRange getPieces() { return getY().drop_back(getSums().size()); }
  }];
  let hasCustomAssemblyFormat = 1;
  let hasVerifier = 1;
  let hasRegionVerifier = 1;
}
