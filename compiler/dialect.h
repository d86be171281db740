// The kerf dialect in C++: what an op's declaration needs, and nothing of any single op.
#pragma once

#include "compiler/oracle/evaluate.h"
#include "compiler/rowwise.h"

#include "kerf/shape.h"

#include "mlir/Bytecode/BytecodeOpInterface.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/Dialect.h"
#include "mlir/IR/OpImplementation.h"
#include "mlir/Interfaces/ControlFlowInterfaces.h"
#include "mlir/Interfaces/InferTypeOpInterface.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

namespace kerf::compiler {
/// Of an op with regions: its values, and what flows beside them: tangents of its results, or
/// cotangents of its operands. Null where nothing flows.
struct Derivative {
  llvm::SmallVector<mlir::Value> values, flows;
};
} // namespace kerf::compiler

#include "compiler/dialect.h.inc"
#include "compiler/interfaces.h.inc"

namespace kerf::compiler {

/// C-checks of every op: each operand and result is of a size that memory can have.
mlir::LogicalResult verifySizes(mlir::Operation *op);
template <class Op> struct FitsInMemory : mlir::OpTrait::TraitBase<Op, FitsInMemory> {
  static mlir::LogicalResult verifyTrait(mlir::Operation *op) { return verifySizes(op); }
};

// The facts that dsl/ops.td states of ops.
template <class Op> struct Elementwise : mlir::OpTrait::TraitBase<Op, Elementwise> {};
template <class Op> struct View : mlir::OpTrait::TraitBase<Op, View> {};
template <class Op> struct Moves : mlir::OpTrait::TraitBase<Op, Moves> {};
template <class Op> struct SumOfProducts : mlir::OpTrait::TraitBase<Op, SumOfProducts> {};
template <class Op> struct Linear : mlir::OpTrait::TraitBase<Op, Linear> {};
template <class Op> struct LinearInEach : mlir::OpTrait::TraitBase<Op, LinearInEach> {};
template <class Op> struct Mark : mlir::OpTrait::TraitBase<Op, Mark> {};

/// The static shape of a ranked tensor type, as the shape rules take it. Rank at most 8.
Shape shapeOf(mlir::Type type);

/// The numbers of a DenseI64ArrayAttr, as the shape rules take them. More than 8 end in -1, which
/// no rule accepts.
Ints intsOf(llvm::ArrayRef<int64_t> values);

/// C-checks by rule: success when `rule` holds and its shape is that of the op's only result;
/// otherwise an op error with the rule's text, or with both shapes.
mlir::LogicalResult verifyRule(mlir::Operation *op, const Rule &rule);

// ---- ops with a region -----------------------------------------------------------------------

/// Success when the types of the `what`s of `op` are those that they should be.
mlir::LogicalResult verifyTypes(mlir::Operation *op, llvm::StringRef what, mlir::TypeRange got,
                                mlir::TypeRange want);

/// `(%a = %x : type, …)`: arguments of a region, with the operands that they stand for.
mlir::ParseResult parseBindings(mlir::OpAsmParser &parser,
                                llvm::SmallVectorImpl<mlir::OpAsmParser::Argument> &arguments,
                                llvm::SmallVectorImpl<mlir::Value> &operands);
void printBindings(mlir::OpAsmPrinter &printer, mlir::ValueRange arguments,
                   mlir::ValueRange operands);

/// ` captures(%c = %y : type, …)`, if there are some, the attributes and the region of all
/// arguments: what the text of an op with a body ends with.
mlir::ParseResult parseBody(mlir::OpAsmParser &parser,
                            llvm::SmallVectorImpl<mlir::OpAsmParser::Argument> &arguments,
                            mlir::OperationState &result);
/// `elided`: the attributes that the text has said.
void printBody(mlir::OpAsmPrinter &printer, mlir::Operation *op, mlir::ValueRange arguments,
               mlir::ValueRange captures, llvm::ArrayRef<llvm::StringRef> elided);

} // namespace kerf::compiler
