// Buffers and what views of them show.
#include "codegen/schedule/steps.h"

#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Interfaces/ViewLikeInterface.h"

using namespace mlir;

namespace kerf::codegen {

Value rootOf(Value value) {
  while (auto view = value.getDefiningOp<ViewLikeOpInterface>())
    value = view.getViewSource();
  return value;
}

FailureOr<SmallVector<int64_t>> stridesOf(MemRefType type) {
  if (type.getNumElements() == 0) // they do not matter, and are not always known
    return SmallVector<int64_t>(type.getRank(), 0);
  SmallVector<int64_t> strides;
  int64_t offset;
  if (failed(type.getStridesAndOffset(strides, offset)) || ShapedType::isDynamicShape(strides))
    return failure();
  return strides;
}

FailureOr<Layout> layoutOf(MemRefType type) {
  FailureOr<SmallVector<int64_t>> strides = stridesOf(type);
  if (failed(strides))
    return failure();
  Layout layout{*strides};
  if (type.getNumElements() != 0)
    layout.offset = type.getStridesAndOffset().second;
  if (ShapedType::isDynamic(layout.offset))
    return failure();
  return layout;
}

/// The offset of a subview of a view that begins at `offset`.
static FailureOr<Offset> offsetIn(memref::SubViewOp view, Offset offset) {
  FailureOr<SmallVector<int64_t>> strides = stridesOf(view.getSource().getType());
  if (failed(strides))
    return failure();
  for (auto [begin, stride] : llvm::zip_equal(view.getMixedOffsets(), *strides))
    if (std::optional<int64_t> constant = getConstantIntValue(begin))
      offset.constant += *constant * stride;
    else
      offset.terms.push_back({cast<Value>(begin), stride});
  return offset;
}

FailureOr<Offset> offsetOf(Value view) {
  auto type = cast<MemRefType>(view.getType());
  if (FailureOr<Layout> layout = layoutOf(type); succeeded(layout))
    return Offset{layout->offset, {}};
  auto op = view.getDefiningOp<ViewLikeOpInterface>();
  if (!op)
    return failure();
  FailureOr<Offset> offset = offsetOf(op.getViewSource());
  if (failed(offset))
    return failure();
  if (auto part = dyn_cast<memref::SubViewOp>(*op))
    return offsetIn(part, *offset);
  if (isa<memref::CastOp, memref::CollapseShapeOp, memref::ExpandShapeOp>(*op))
    return offset;
  return failure();
}

} // namespace kerf::codegen
