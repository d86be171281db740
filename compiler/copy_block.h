// The ops of a region at another place.
#pragma once

#include "mlir/IR/Builders.h"
#include "mlir/IR/IRMapping.h"
#include "llvm/ADT/SmallVectorExtras.h"

namespace kerf::compiler {

/// Copies the ops of `block` but the last to the builder's place, `arguments` being its arguments.
/// Gives what the last one yields.
inline llvm::SmallVector<mlir::Value> copyBlock(mlir::OpBuilder &builder, mlir::Block &block,
                                                mlir::ValueRange arguments) {
  mlir::IRMapping map;
  map.map(block.getArguments(), arguments);
  for (mlir::Operation &inner : block.without_terminator())
    builder.clone(inner, map);
  return llvm::map_to_vector(block.getTerminator()->getOperands(),
                             [&](mlir::Value value) { return map.lookupOrDefault(value); });
}

} // namespace kerf::compiler
