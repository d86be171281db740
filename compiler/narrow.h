// Narrow element types: numbers that are held in fewer bits than they are computed with.
#pragma once

#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/TypeUtilities.h"

namespace kerf::compiler {

/// bf16 and f16, or a tensor of them: an element of a result is computed in f32 and rounded once.
inline bool isNarrowFloat(mlir::Type type) {
  type = mlir::getElementTypeOrSelf(type);
  return mlir::isa<mlir::FloatType>(type) && type.getIntOrFloatBitWidth() < 32;
}
/// i8 and i16: computed in i32 and cut to their bits.
inline bool isNarrowInteger(mlir::Type type) {
  type = mlir::getElementTypeOrSelf(type);
  return type.isInteger(8) || type.isInteger(16);
}
inline bool isNarrow(mlir::Type type) { return isNarrowFloat(type) || isNarrowInteger(type); }

/// What elements of a narrow type are computed as.
inline mlir::Type wideOf(mlir::Type narrow) {
  mlir::MLIRContext *context = narrow.getContext();
  return isNarrowFloat(narrow) ? mlir::Type(mlir::Float32Type::get(context))
                               : mlir::Type(mlir::IntegerType::get(context, 32));
}

} // namespace kerf::compiler
