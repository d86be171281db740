#include "compiler/ops/contract.h"
#include "compiler/oracle/dense.h"
#include "compiler/val.h"

#include "mlir/Dialect/Utils/IndexingUtils.h"

using namespace mlir;

namespace kerf::compiler {

LogicalResult ContractOp::verify() {
  return verifyRule(*this,
                    rule::contract(shapeOf(getA().getType()), shapeOf(getB().getType()),
                                   intsOf(getABatch()), intsOf(getBBatch()), intsOf(getAContract()),
                                   intsOf(getBContract()))); // C1 to C4
}

namespace {

/// One operand and the kinds of its axes; `at` is where its free axes begin in y.
struct Side {
  TypedValue<RankedTensorType> value;
  ArrayRef<int64_t> batch, contract;
  SmallVector<int64_t> free;
  int64_t at;

  Side(TypedValue<RankedTensorType> value, ArrayRef<int64_t> batch, ArrayRef<int64_t> contract,
       int64_t at)
      : value(value), batch(batch), contract(contract),
        free(otherAxes(value.getType().getRank(), batch, contract)), at(at) {}

  int64_t extent(ArrayRef<int64_t> axes) const {
    int64_t product = 1;
    for (int64_t axis : axes)
      product *= value.getType().getDimSize(axis);
    return product;
  }
};

SmallVector<int64_t> counting(int64_t first, int64_t count) {
  return llvm::to_vector(llvm::seq(first, first + count));
}

std::array<Side, 2> sidesOf(ContractOp op) {
  const Side a(op.getA(), op.getABatch(), op.getAContract(), op.getABatch().size());
  return {a, Side(op.getB(), op.getBBatch(), op.getBContract(), a.at + a.free.size())};
}

/// The cotangent of `side`: dy contracted with the other operand over that one's free axes. The
/// order of the two is the one whose result needs no transpose, if there is one.
Value cotangent(Val dy, const Side &side, const Side &other) {
  Val factor(*dy.builder, dy.location, other.value);
  const auto batch = counting(0, side.batch.size()), summed = counting(other.at, other.free.size());
  // What axis of `side` the contracting axes of the other stand for, in that one's order.
  SmallVector<int64_t> contracting;
  for (int64_t axis = 0; axis < other.value.getType().getRank(); ++axis)
    if (const auto *found = llvm::find(other.contract, axis); found != other.contract.end())
      contracting.push_back(side.contract[found - other.contract.begin()]);

  auto order = [&](ArrayRef<int64_t> second, ArrayRef<int64_t> third) {
    SmallVector<int64_t> axes(side.batch);
    llvm::append_range(axes, second);
    llvm::append_range(axes, third);
    return axes;
  };
  if (const auto axes = order(contracting, side.free); isIdentityPermutation(axes))
    return contract(factor, dy, other.batch, batch, other.free, summed);
  const Val result = contract(dy, factor, batch, other.batch, summed, other.free);
  const auto axes = order(side.free, contracting);
  return isIdentityPermutation(axes) ? result : transpose(result, invertPermutationVector(axes));
}

/// `value` as a row-major buffer with its axes in this order.
std::vector<double> packed(const Literal &value, ArrayRef<int64_t> first, ArrayRef<int64_t> second,
                           ArrayRef<int64_t> third) {
  SmallVector<int64_t> axes(first);
  llvm::append_range(axes, second);
  llvm::append_range(axes, third);
  const auto extents = applyPermutation(value.shape(), axes);
  std::vector<double> buffer(value.size());
  if (buffer.empty()) // no storage that an offset could point into
    return buffer;
  copyStrided(extents, value.floats().data(), ArrayRef(walkAxes(value.shape(), axes).steps),
              buffer.data(), ArrayRef(stridesOf(extents)));
  return buffer;
}

} // namespace

/// y[n,i,j] = a[n,i,k] b[n,j,k], so da[n,i,k] = dy[n,i,j] b[n,j,k] and db[n,j,k] = dy[n,i,j]
/// a[n,i,k].
SmallVector<Value> ContractOp::vjp(OpBuilder &builder, ValueRange cotangents) {
  const auto [a, b] = sidesOf(*this);
  const Val dy(builder, getLoc(), cotangents[0]);
  return {cotangent(dy, a, b), cotangent(dy, b, a)};
}

std::optional<RowAxes> ContractOp::rowsFromOperand(unsigned operand, int axis) {
  const auto sides = sidesOf(*this);
  const Side &own = sides[operand], &other = sides[1 - operand];
  RowAxes axes{{noRows, noRows}};
  axes.operands[operand] = axis;
  if (const int i = placeIn(own.batch, axis); i != noRows) {
    axes.operands[1 - operand] = int(other.batch[i]);
    axes.result = i;
  } else if (const int i = placeIn(own.contract, axis); i != noRows) {
    axes.operands[1 - operand] = int(other.contract[i]);
    axes.isSum = true;
  } else {
    axes.result = int(own.at) + placeIn(own.free, axis);
  }
  return axes;
}
std::optional<RowAxes> ContractOp::rowsFromResult(int axis) {
  const auto [a, b] = sidesOf(*this);
  if (axis < a.at)
    return RowAxes{{int(a.batch[axis]), int(b.batch[axis])}, axis};
  if (axis < b.at)
    return RowAxes{{int(a.free[axis - a.at]), noRows}, axis};
  return RowAxes{{noRows, int(b.free[axis - b.at])}, axis};
}

SmallVector<Literal> ContractOp::evaluate(ArrayRef<Literal> operands, Evaluation &evaluation) {
  const auto [a, b] = sidesOf(*this);
  const auto left = packed(operands[0], a.batch, a.free, a.contract);
  const auto right = packed(operands[1], b.batch, b.contract, b.free);
  const int64_t m = a.extent(a.free), n = b.extent(b.free), k = a.extent(a.contract);
  Literal y(getY().getType());
  for (int64_t batch = 0; batch < a.extent(a.batch); ++batch)
    multiplyAdd(m, n, k, left.data() + batch * m * k, right.data() + batch * k * n,
                y.floats().data() + batch * m * n);
  roundAll(y, evaluation);
  return {y};
}

} // namespace kerf::compiler

#define GET_OP_CLASSES
#include "compiler/ops/contract.cpp.inc"
