// The kerf dialect: its base class and the interfaces that every op owes.
#ifndef KERF_OPS_TD
#define KERF_OPS_TD

include "mlir/IR/OpBase.td"
include "mlir/IR/AttrTypeBase.td"
include "mlir/Interfaces/ControlFlowInterfaces.td"
include "mlir/Interfaces/InferTypeOpInterface.td"
include "mlir/Interfaces/SideEffectInterfaces.td"

def Kerf_Dialect : Dialect {
  let name = "kerf";
  let cppNamespace = "::kerf::compiler";
  let summary = "models as pure functions on tensors: differentiable, with a reference meaning";
  let dependentDialects = ["::mlir::arith::ArithDialect"];
  let hasConstantMaterializer = 1;
}

/// Reverse-mode derivative, written in the dialect's own ops so that it can be differentiated again.
def Kerf_Differentiable : OpInterface<"Differentiable"> {
  let cppNamespace = "::kerf::compiler";
  let methods = [
    InterfaceMethod<[{
      Cotangents of the operands, given those of the results. An entry of `cotangents` is null when
      the result does not reach the loss (then it counts as zero; never are all of them null). A
      null entry of the answer means: nothing flows to this operand.
    }], "::llvm::SmallVector<::mlir::Value>", "vjp",
      (ins "::mlir::OpBuilder &":$builder, "::mlir::ValueRange":$cotangents)>,
    InterfaceMethod<[{
      Why this op has no derivative: one of `piecewise constant`, `not implemented`; empty if it has
      one. Ops with integer results need not answer: cotangents end at integer and i1 values.
    }], "::llvm::StringRef", "derivativeGap", (ins), "", [{ return ""; }]>,
    InterfaceMethod<[{
      Tangents of the results, given those of the operands (null where they are zero, never all of
      them), in fewer ops than follow from the facts of the op or from the vjp of its vjp. Empty if
      there is nothing better than these.
    }], "::llvm::SmallVector<::mlir::Value>", "jvp",
      (ins "::mlir::OpBuilder &":$builder, "::mlir::ValueRange":$tangents), "", [{ return {}; }]>
  ];
}

/// Derivatives of an op with regions, which are taken on their blocks. `by` is the op that asks for
/// the derivative, for messages.
def Kerf_RegionDifferentiable : OpInterface<"RegionDifferentiable"> {
  let cppNamespace = "::kerf::compiler";
  let methods = [
    InterfaceMethod<[{
      Calls `edge(from, to)` wherever a value goes into a region, from one run of it to the next, or
      out of it: from an operand or an operand of a terminator, to a region's argument or a result.
    }], "void", "forEachFlow",
      (ins "::llvm::function_ref<void(::mlir::Value, ::mlir::Value)>":$edge)>,
    InterfaceMethod<[{
      Reverse mode. `values`: what stands in place of the op's results, made where the op is.
      `flows`: made at the builder's place from `cotangents` of the results (null where zero, never
      all of them), the cotangents of the operands of which `needed` says so; null for the others,
      and where nothing flows.
    }], "::llvm::FailureOr<::kerf::compiler::Derivative>", "reverse",
      (ins "::mlir::OpBuilder &":$builder, "::llvm::ArrayRef<bool>":$needed,
           "::mlir::ValueRange":$cotangents, "::mlir::Operation *":$by)>,
    InterfaceMethod<[{
      Forward mode, at the builder's place. `values`: the op's results. `flows`: their tangents,
      given those of the operands (null where zero, never all of them); null for integers, and where
      nothing flows.
    }], "::llvm::FailureOr<::kerf::compiler::Derivative>", "forward",
      (ins "::mlir::OpBuilder &":$builder, "::mlir::ValueRange":$tangents, "::mlir::Operation *":$by)>
  ];
}

/// One step down: the op in linalg, arith, math and tensor ops, on tensors. Ops without this
/// interface are kept for a kernel of `codegen/`.
def Kerf_Lowerable : OpInterface<"Lowerable"> {
  let cppNamespace = "::kerf::compiler";
  let methods = [
    InterfaceMethod<"The values that replace the op's results.",
      "::llvm::SmallVector<::mlir::Value>", "lower", (ins "::mlir::OpBuilder &":$builder)>
  ];
}

/// The slow, obvious meaning: the oracle of every other path.
def Kerf_Evaluable : OpInterface<"Evaluable"> {
  let cppNamespace = "::kerf::compiler";
  let methods = [
    InterfaceMethod<"Results from operands; see `Evaluation` for rounding and forced decisions.",
      "::llvm::SmallVector<::kerf::compiler::Literal>", "evaluate",
      (ins "::llvm::ArrayRef<::kerf::compiler::Literal>":$operands, "::kerf::compiler::Evaluation &":$evaluation)>
  ];
}

/// An op that plain ops can stand for.
def Kerf_Decomposable : OpInterface<"Decomposable"> {
  let cppNamespace = "::kerf::compiler";
  let methods = [
    InterfaceMethod<"The values of the results, made by plain kerf ops.",
      "::llvm::SmallVector<::mlir::Value>", "decompose", (ins "::mlir::OpBuilder &":$builder)>
  ];
}

// ---- facts: what passes ask of an op, in place of its name -------------------------------------

/// An op that a hand-tuned family makes of many plain ones.
def Kerf_Fused : OpInterface<"Fused"> {
  let cppNamespace = "::kerf::compiler";
  let methods = [
    StaticInterfaceMethod<"The family's name, which is that of its folder in `compiler/families/`.",
      "::llvm::StringRef", "family">
  ];
}

/// A choice among values that rounding can make equal, or a step of a staircase: an evaluation with
/// forced decisions takes the result that a compiled run chose.
def Kerf_Decision : OpInterface<"Decision"> {
  let cppNamespace = "::kerf::compiler";
  let methods = [
    InterfaceMethod<"Is this one, with these types?", "bool", "decides", (ins), "", "return true;">
  ];
}

/// Random numbers: words of a key's stream, from an offset on. A key serves one draw.
def Kerf_Draw : OpInterface<"Draw"> {
  let cppNamespace = "::kerf::compiler";
  let methods = [
    InterfaceMethod<"The first operand.", "::mlir::Value", "getKey">,
    InterfaceMethod<"The second one: in row-major order, the number of the first word.",
      "::mlir::OpOperand &", "getOffsetMutable">
  ];
}

/// An op whose regions run some number of times, on values of their own.
def Kerf_Loop : OpInterface<"Loop"> {
  let cppNamespace = "::kerf::compiler";
  let methods = [
    InterfaceMethod<"The value outside that this argument of a region is in every run; null if runs differ in it.",
      "::mlir::Value", "outsideOf", (ins "::mlir::BlockArgument":$argument)>,
    InterfaceMethod<"May a region run more than once?", "bool", "repeats", (ins), "", "return true;">
  ];
}

/// An op that treats slices of its tensors along one axis of each, rows, alike. Ops of elements and
/// draws need not answer: what they are says it.
def Kerf_Rowwise : OpInterface<"Rowwise"> {
  let cppNamespace = "::kerf::compiler";
  let methods = [
    InterfaceMethod<"Where the rows are, if they are along `axis` of this operand; nothing if it mixes them.",
      "::std::optional<::kerf::compiler::RowAxes>", "rowsFromOperand",
      (ins "unsigned":$operand, "int":$axis)>,
    InterfaceMethod<"The same, if they are along `axis` of the result.",
      "::std::optional<::kerf::compiler::RowAxes>", "rowsFromResult", (ins "int":$axis)>,
    InterfaceMethod<"The result gets another extent along `axis`, that of its rows: what attributes say of it follows.",
      "void", "followRows", (ins "int":$axis, "int64_t":$rows), "", "return;">
  ];
}

class Kerf_Fact<string name> : NativeOpTrait<name> { let cppNamespace = "::kerf::compiler"; }

/// y[i] = f(a[i], b[i], …): every operand has the shape of the only result.
def Kerf_Elementwise : Kerf_Fact<"Elementwise">;
/// The operand's elements, all of them, in other places.
def Kerf_View : Kerf_Fact<"View">;
/// Elements of the result are elements of operands, or zeros: of any type, they are moved as they are.
def Kerf_Moves : Kerf_Fact<"Moves">;
/// An element of the result is a sum of products of elements of the operands, so that its rounding is
/// in proportion to the sum of their magnitudes.
def Kerf_SumOfProducts : Kerf_Fact<"SumOfProducts">;
/// Linear in its float operands, taken together.
def Kerf_Linear : Kerf_Fact<"Linear">;
/// Linear in each of its float operands.
def Kerf_LinearInEach : Kerf_Fact<"LinearInEach">;
/// There for derivatives: when they are taken, what it lowers or decomposes to takes its place.
def Kerf_Mark : Kerf_Fact<"Mark">;

/// No operand or result has more bytes than a process can address.
def Kerf_FitsInMemory : Kerf_Fact<"FitsInMemory">;

def Differentiable : DeclareOpInterfaceMethods<Kerf_Differentiable>;
def Lowerable : DeclareOpInterfaceMethods<Kerf_Lowerable>;
def Decomposable : DeclareOpInterfaceMethods<Kerf_Decomposable>;
def Rowwise : DeclareOpInterfaceMethods<Kerf_Rowwise>;

/// What the dialect computes with: static shapes of at most eight axes.
class Kerf_TensorOf<list<Type> elements>
    : Type<And<[RankedTensorOf<elements>.predicate, HasStaticShapePred,
                CPred<"::llvm::cast<::mlir::ShapedType>($_self).getRank() <= 8">]>,
           "tensor of static shape, at most 8 axes, of " #
               !interleave(!foreach(element, elements, element.summary), " or "),
           "::mlir::RankedTensorType">;
def Kerf_Tensor : Kerf_TensorOf<[F32, F64, BF16, F16, I64, I32, I16, I8, I1]>;
def Kerf_Numbers : Kerf_TensorOf<[F32, F64, BF16, F16, I64, I32, I16, I8]>;
def Kerf_Floats : Kerf_TensorOf<[F32, F64, BF16, F16]>;
def Kerf_Bools : Kerf_TensorOf<[I1]>;
def Kerf_Indices : Kerf_TensorOf<[I64]>;
def Kerf_Integers : Kerf_TensorOf<[I64, I32, I16, I8]>;
def Kerf_Bits : Kerf_TensorOf<[I64, I32, I16, I8, I1]>;

/// The two words of a random key, and a count; the formats of random ops need not print their types.
def Kerf_Key
    : Type<CPred<"$_self == ::mlir::RankedTensorType::get({2}, ::mlir::IntegerType::get($_self.getContext(), 32))">,
           "tensor<2xi32>", "::mlir::RankedTensorType">,
      BuildableType<"::mlir::RankedTensorType::get({2}, $_builder.getI32Type())">;
def Kerf_Count
    : Type<CPred<"$_self == ::mlir::RankedTensorType::get({}, ::mlir::IntegerType::get($_self.getContext(), 64))">,
           "tensor<i64>", "::mlir::RankedTensorType">,
      BuildableType<"::mlir::RankedTensorType::get({}, $_builder.getI64Type())">;

/// A pure op on ranked tensors. `rule` names the shape rule in `dsl/kerf/shape.h` from which the DSL
/// function is generated and which the verifier calls again; empty: no generated DSL function.
class Kerf_Op<string mnemonic, list<Trait> traits = []>
    : Op<Kerf_Dialect, mnemonic,
         !listconcat([Pure, Kerf_FitsInMemory, DeclareOpInterfaceMethods<Kerf_Evaluable>], traits)> {
  string rule = "";
}

/// y[i] = f(x[i]): one operand, one result, equal types.
class Kerf_Unary<string mnemonic, list<Trait> traits = [], TypeConstraint of = Kerf_Numbers>
    : Kerf_Op<mnemonic, !listconcat([SameOperandsAndResultType, Kerf_Elementwise, Differentiable, Lowerable], traits)> {
  let arguments = (ins of:$x);
  let results = (outs of:$y);
  let assemblyFormat = "$x attr-dict `:` type($x)";
  let rule = "same";
}

/// y[i] = f(a[i], b[i]): two operands, one result, equal types; broadcasts are ops of their own.
class Kerf_Binary<string mnemonic, list<Trait> traits = [], TypeConstraint of = Kerf_Numbers>
    : Kerf_Op<mnemonic, !listconcat([SameOperandsAndResultType, Kerf_Elementwise, Differentiable, Lowerable], traits)> {
  let arguments = (ins of:$a, of:$b);
  let results = (outs of:$y);
  let assemblyFormat = "$a `,` $b attr-dict `:` type($a)";
  let rule = "elementwise";
}

/// The same of integers, through which no cotangent flows.
class Kerf_IntegerBinary<string mnemonic, list<Trait> traits = [], TypeConstraint of = Kerf_Integers>
    : Kerf_Op<mnemonic, !listconcat([SameOperandsAndResultType, Kerf_Elementwise, Lowerable], traits)> {
  let arguments = (ins of:$a, of:$b);
  let results = (outs of:$y);
  let assemblyFormat = "$a `,` $b attr-dict `:` type($a)";
  let rule = "elementwise";
}

#endif
