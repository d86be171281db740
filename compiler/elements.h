// The language's table of element types, in MLIR's terms.
#pragma once

#include "kerf/elements.h"

#include "mlir/IR/BuiltinTypes.h"

#include <string>

namespace kerf::compiler {

/// How values of this type are held.
mlir::Type heldType(const ElementType &element, mlir::MLIRContext *context);
inline mlir::Type heldType(DType dtype, mlir::MLIRContext *context) {
  return heldType(element_type(dtype), context);
}

/// The row of `type`, or of words that are held so, if `declared` is NumPy's name of one. Null if
/// there is none.
const ElementType *elementOf(mlir::Type type, llvm::StringRef declared = "");

/// "f32, f64, i32, i64 and i1": the types that values have.
std::string heldElements();
/// "uint32 for i32 and uint64 for i64": what may be declared, and of what.
std::string declaredElements();

} // namespace kerf::compiler
