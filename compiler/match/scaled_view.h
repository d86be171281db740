// What a tensor is a multiple or a view of: how patterns look through what users write around a
// form.
#pragma once

#include "mlir/IR/Builders.h"
#include "mlir/IR/BuiltinTypes.h"

#include <optional>

namespace kerf::compiler {

inline mlir::RankedTensorType typeOf(mlir::Value x) {
  return mlir::cast<mlir::RankedTensorType>(x.getType());
}
inline int64_t sizeOf(mlir::Value x) { return typeOf(x).getNumElements(); }

/// `type` with another extent along `axis`.
inline mlir::RankedTensorType withExtent(mlir::RankedTensorType type, int64_t axis,
                                         int64_t extent) {
  llvm::SmallVector<int64_t> shape(type.getShape());
  shape[axis] = extent;
  return type.clone(shape);
}

/// The value that the region of a loop has from outside under this name; others are themselves.
mlir::Value outside(mlir::Value x);

/// The number of a float constant whose elements are all equal.
std::optional<double> splatNumber(mlir::Value x);

/// x = factor * inner, elementwise; the inner value is null if x is no multiple of another value.
struct Multiple {
  mlir::Value inner;
  double factor = 1;
};
Multiple multipleOf(mlir::Value x);

/// Does it hold its operand's elements in other places? No for null.
bool isView(mlir::Operation *op);

/// The axis of a view's operand that is axis `axis` of its result, whole and alone; nothing if
/// there is none, or `op` is no view.
std::optional<int64_t> axisBefore(mlir::Operation *op, int64_t axis);
/// The same for several axes.
std::optional<llvm::SmallVector<int64_t>> axesBefore(mlir::Operation *op,
                                                     llvm::ArrayRef<int64_t> axes);

/// What a tensor is a scaled view of, in its region or outside, and where some of its axes are
/// there.
struct Traced {
  mlir::Value root;
  llvm::SmallVector<int64_t> axes;
  double factor = 1;
};
Traced trace(mlir::Value x, llvm::ArrayRef<int64_t> axes);

/// The factors that stand before x, behind views or not.
double factorOf(mlir::Value x);
/// x without them; views are made again where there was one.
mlir::Value unscaled(mlir::OpBuilder &b, mlir::Value x);

} // namespace kerf::compiler
