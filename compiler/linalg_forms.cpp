#include "compiler/linalg_forms.h"

using namespace mlir;

namespace kerf::compiler {

using utils::IteratorType;

SmallVector<Value> lowerElementwise(OpBuilder &builder, Operation *op, ScalarBody body) {
  Location location = op->getLoc();
  auto type = cast<RankedTensorType>(op->getResult(0).getType());
  Value out = tensor::EmptyOp::create(builder, location, type.getShape(), type.getElementType());
  SmallVector<AffineMap> maps(op->getNumOperands() + 1,
                              builder.getMultiDimIdentityMap(type.getRank()));
  SmallVector<IteratorType> iterators(type.getRank(), IteratorType::parallel);
  auto generic = linalg::GenericOp::create(
      builder, location, type, op->getOperands(), out, maps, iterators,
      [&](OpBuilder &b, Location loc, ValueRange elements) {
        linalg::YieldOp::create(b, loc, body(b, loc, elements.drop_back()));
      });
  return {generic.getResult(0)};
}

Value lowerReduction(OpBuilder &builder, Location location, Value x, RankedTensorType type,
                     ArrayRef<int64_t> axes, TypedAttr init, ScalarBody body) {
  int64_t rank = cast<RankedTensorType>(x.getType()).getRank();
  SmallVector<IteratorType> iterators(rank, IteratorType::parallel);
  for (int64_t axis : axes)
    iterators[axis] = IteratorType::reduction;
  SmallVector<AffineExpr> kept;
  for (int64_t axis = 0; axis < rank; ++axis)
    if (iterators[axis] == IteratorType::parallel)
      kept.push_back(builder.getAffineDimExpr(axis));

  Value empty = tensor::EmptyOp::create(builder, location, type.getShape(), type.getElementType());
  Value start = arith::ConstantOp::create(builder, location, init);
  Value out = linalg::FillOp::create(builder, location, start, empty).getResult(0);
  auto generic = linalg::GenericOp::create(
      builder, location, type, x, out,
      {builder.getMultiDimIdentityMap(rank), AffineMap::get(rank, 0, kept, builder.getContext())},
      iterators, [&](OpBuilder &b, Location loc, ValueRange elements) {
        linalg::YieldOp::create(b, loc, body(b, loc, elements));
      });
  return generic.getResult(0);
}

Value lowerIndexing(OpBuilder &builder, Location location, Value x, RankedTensorType type,
                    AffineMap map) {
  Value out = tensor::EmptyOp::create(builder, location, type.getShape(), type.getElementType());
  SmallVector<IteratorType> iterators(type.getRank(), IteratorType::parallel);
  auto generic = linalg::GenericOp::create(
      builder, location, type, x, out, {map, builder.getMultiDimIdentityMap(type.getRank())},
      iterators, [](OpBuilder &b, Location loc, ValueRange elements) {
        linalg::YieldOp::create(b, loc, elements[0]);
      });
  return generic.getResult(0);
}

} // namespace kerf::compiler
