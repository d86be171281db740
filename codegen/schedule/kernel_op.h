// The kerf_schedule dialect in C++.
#pragma once

#include "mlir/Bytecode/BytecodeOpInterface.h"
#include "mlir/Dialect/Bufferization/IR/BufferizableOpInterface.h"
#include "mlir/Dialect/LLVMIR/LLVMTypes.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/Dialect.h"
#include "mlir/IR/OpImplementation.h"
#include "mlir/IR/TypeUtilities.h"
#include "mlir/Interfaces/ControlFlowInterfaces.h"
#include "mlir/Interfaces/DestinationStyleOpInterface.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

#include "codegen/kernel_op.dialect.h.inc"
#define GET_OP_CLASSES
#include "codegen/kernel_op.h.inc"

namespace kerf::codegen {

/// Is it memory for the kernel alone? Such inits are bytes, and no tensor has such elements.
inline bool isScratch(mlir::Value init) {
  return mlir::getElementTypeOrSelf(init).isUnsignedInteger(8);
}

} // namespace kerf::codegen
