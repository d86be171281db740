include "ops.td"

def Kerf_ScanOp
    : Op<Kerf_Dialect, "scan", [Pure, IsolatedFromAbove, SingleBlock, Kerf_FitsInMemory,
                                DeclareOpInterfaceMethods<Kerf_Loop, ["repeats"]>, Lowerable,
                                DeclareOpInterfaceMethods<Kerf_Evaluable>,
                                DeclareOpInterfaceMethods<Kerf_RegionDifferentiable>]> {
  let summary = "a function of its own results, run once for each row of its inputs";
  let description = [{
    Runs the region `count` times, each time on the `carried` values, first the operands, then what
    it yielded; on the number of the iteration, 0 … count - 1; on the row of every input that has
    this number, a slice along `axis`, which it has no more; and on the same `captures`. It yields
    the next carried values, then rows. Results: the last carried values, then these rows, stacked
    along `axis`.

    `reverse`: the numbers run from the last to 0, the rows with them. `steps`, an operand: only so
    many iterations run, at least none and at most `count`; n stands for this number. `stops`: the
    first carried value, a truth, is looked at before every iteration, and once it is false no
    iteration runs. Rows of results whose iterations did not run are 0. `keep` says what a reverse
    derivative keeps: 0 all that it needs of every iteration, k >= 1 the carried values before every
    k-th, from which it computes the rest again.

    Compiled, it is one loop. A row of an input is read where it lies and a row of a result is made
    in its place, so that memory grows with `count` by the results' rows alone, and time by rows.

    Constraints: (C1) `num_carried + num_inputs`, and steps, are operands. (C2) inputs have an axis
    `axis`, of `count` rows. (C3) steps is a tensor<i64>. (C4) the region's arguments are the carried
    values, the number of the iteration, a tensor<i64>, a row of every input, and the captures. (C5)
    the region ends in `kerf.yield` of the carried values' types, then of rows of at least `axis`
    axes. (C6) the results have the types of the carried values, then of `count` such rows.
    (C7) with `stops` the first carried value is a tensor<i1>.

    The pretty form names the region's arguments; the result types follow from what is yielded:

    %y, %ys = kerf.scan count = 5, axis = 1, reverse, keep = 2 index %i carried(%a = %x : tensor<8xf32>)
        inputs(%b = %xs : tensor<8x5xf32>) steps(%n) captures(%c = %z : tensor<8xf32>) {
      %p = kerf.mul %a, %c : tensor<8xf32>
      %q = kerf.add %p, %b : tensor<8xf32>
      kerf.yield %q, %p : tensor<8xf32>, tensor<8xf32>
    }
  }];
  let arguments = (ins Variadic<Kerf_Tensor>:$x, ConfinedAttr<I64Attr, [IntNonNegative]>:$count,
                       ConfinedAttr<I64Attr, [IntNonNegative]>:$num_carried,
                       ConfinedAttr<DefaultValuedAttr<I64Attr, "0">, [IntNonNegative]>:$num_inputs,
                       ConfinedAttr<DefaultValuedAttr<I64Attr, "0">, [IntNonNegative]>:$axis,
                       ConfinedAttr<DefaultValuedAttr<I64Attr, "0">, [IntNonNegative]>:$keep,
                       DefaultValuedAttr<BoolAttr, "false">:$has_steps,
                       DefaultValuedAttr<BoolAttr, "false">:$reverse,
                       DefaultValuedAttr<BoolAttr, "false">:$stops);
  let results = (outs Variadic<Kerf_Tensor>:$y);
  let regions = (region SizedRegion<1>:$body);
  let extraClassDeclaration = [{
    ::mlir::ValueRange getCarried() { return getX().take_front(getNumCarried()); }
    ::mlir::ValueRange getInputs() { return getX().slice(getNumCarried(), getNumInputs()); }
    /// Null if all iterations run.
    ::mlir::Value getSteps() {
      return getHasSteps() ? getX()[getNumCarried() + getNumInputs()] : ::mlir::Value();
    }
    ::mlir::ValueRange getCaptures() {
      return getX().drop_front(getNumCarried() + getNumInputs() + getHasSteps());
    }
    /// The results that are the last carried values, and those that are stacked rows.
    ::mlir::ValueRange getLast() { return getY().take_front(getNumCarried()); }
    ::mlir::ValueRange getStacked() { return getY().drop_front(getNumCarried()); }

    /// The region's argument that is the number of the iteration, and those that are rows.
    ::mlir::BlockArgument getIndex() { return getBody().getArgument(getNumCarried()); }
    ::mlir::Block::BlockArgListType getRows() {
      return getBody().getArguments().slice(getNumCarried() + 1, getNumInputs());
    }
    ::mlir::Block::BlockArgListType getInnerCaptures() {
      return getBody().getArguments().drop_front(getNumCarried() + 1 + getNumInputs());
    }
    /// A row of this, and `count` such rows.
    static ::mlir::RankedTensorType rowOf(::mlir::Type whole, int64_t axis);
    static ::mlir::RankedTensorType stackOf(::mlir::Type row, int64_t axis, int64_t count);

    /// The op without what nothing outside depends on: results, carried values, inputs, captures,
    /// and ops of the region; what is carried but never changes becomes a capture. Null if there is
    /// no such thing. The op is gone then.
    static ScanOp withoutUnused(ScanOp op, ::mlir::RewriterBase &rewriter);
  }];
  let hasCustomAssemblyFormat = 1;
  let hasCanonicalizeMethod = 1;
  let hasVerifier = 1;
  let hasRegionVerifier = 1;
}
