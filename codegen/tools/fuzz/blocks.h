// What authors of regions share.
#pragma once

#include "codegen/tools/fuzz/author.h"

namespace kerf::codegen::fuzz {

/// At the end of a block that is in no region yet.
inline mlir::OpBuilder builderAt(mlir::Block *block, mlir::MLIRContext *context) {
  mlir::OpBuilder builder(context);
  builder.setInsertionPointToEnd(block);
  return builder;
}

inline bool anything(const Known &) { return true; }

inline llvm::SmallVector<mlir::Value> valuesOf(llvm::ArrayRef<Known> known) {
  return llvm::map_to_vector(known, [](const Known &x) { return x.value; });
}

} // namespace kerf::codegen::fuzz
