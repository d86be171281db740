// The kerf dialect in C++: what an op's declaration needs, and nothing of any single op.
#pragma once

#include "evaluate.h"

#include "kerf/shape.h"

#include "mlir/Bytecode/BytecodeOpInterface.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/Dialect.h"
#include "mlir/IR/OpImplementation.h"
#include "mlir/Interfaces/ControlFlowInterfaces.h"
#include "mlir/Interfaces/InferTypeOpInterface.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

#include "compiler/dialect.h.inc"
#include "compiler/interfaces.h.inc"

namespace kerf {

/// The static shape of a ranked tensor type, as the shape rules take it. Rank at most 8.
Shape shapeOf(mlir::Type type);

/// The numbers of a DenseI64ArrayAttr, as the shape rules take them. More than 8 end in -1, which
/// no rule accepts.
Ints intsOf(llvm::ArrayRef<int64_t> values);

/// C-checks by rule: success when `rule` holds and its shape is that of the op's only result;
/// otherwise an op error with the rule's text, or with both shapes.
mlir::LogicalResult verifyRule(mlir::Operation *op, const Rule &rule);

} // namespace kerf
