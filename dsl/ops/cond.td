include "ops.td"

def Kerf_Truth
    : Type<CPred<"$_self == ::mlir::RankedTensorType::get({}, ::mlir::IntegerType::get($_self.getContext(), 1))">,
           "tensor<i1>", "::mlir::RankedTensorType">,
      BuildableType<"::mlir::RankedTensorType::get({}, $_builder.getI1Type())">;

def Kerf_CondOp
    : Op<Kerf_Dialect, "cond", [Pure, IsolatedFromAbove, SingleBlock, Kerf_FitsInMemory,
                                DeclareOpInterfaceMethods<Kerf_Loop, ["repeats"]>, Lowerable,
                                DeclareOpInterfaceMethods<Kerf_Evaluable>,
                                DeclareOpInterfaceMethods<Kerf_RegionDifferentiable>]> {
  let summary = "one of two functions, as a truth says";
  let description = [{
    Runs the first region if `p` is true and the second one if not, on the same values; what it yields
    are the results. Compiled, only the chosen one runs, and it makes the results in their place.

    Constraints: (C1) both regions' arguments have the types of `x`. (C2) both regions end in
    `kerf.yield` of the results' types.

    The pretty form names the arguments of each region, for equal operands; the result types follow
    from what is yielded:

    %y = kerf.cond %p then(%a = %x : tensor<8xf32>) {
      %n = kerf.neg %a : tensor<8xf32>
      kerf.yield %n : tensor<8xf32>
    } else(%a = %x : tensor<8xf32>) {
      kerf.yield %a : tensor<8xf32>
    }
  }];
  let arguments = (ins Kerf_Truth:$p, Variadic<Kerf_Tensor>:$x);
  let results = (outs Variadic<Kerf_Tensor>:$y);
  let regions = (region SizedRegion<1>:$then, SizedRegion<1>:$otherwise);
  let extraClassDeclaration = [{
    /// The op without results that nobody reads, what no region needs then, and captures that
    /// neither reads. Null if there is no such thing. The op is gone then.
    static CondOp withoutUnused(CondOp op, ::mlir::RewriterBase &rewriter);
  }];
  let hasCustomAssemblyFormat = 1;
  let hasCanonicalizeMethod = 1;
  let hasRegionVerifier = 1;
}
