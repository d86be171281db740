#include "compiler/ops/vq.h"
#include "compiler/oracle/argmin.h"
#include "compiler/oracle/codebook_scores.h"

using namespace mlir;

namespace kerf::compiler {

LogicalResult VqOp::verify() {
  return verifyRule(
      *this, rule::vq(shapeOf(getZ().getType()), shapeOf(getCodebook().getType()))); // C1, C2, C3
}

/// All rows of a head search the same; every head has a codebook of its own.
std::optional<RowAxes> VqOp::rowsFromResult(int axis) {
  const bool isHead = axis < getCodebook().getType().getRank() - 2;
  return RowAxes{{axis, isHead ? axis : noRows}, axis};
}
std::optional<RowAxes> VqOp::rowsFromOperand(unsigned operand, int axis) {
  const int64_t rows =
      operand == 0 ? getZ().getType().getRank() - 1 : getCodebook().getType().getRank() - 2;
  return axis < rows ? rowsFromResult(axis) : std::nullopt;
}

SmallVector<Literal> VqOp::evaluate(ArrayRef<Literal> operands, Evaluation &evaluation) {
  const Literal &z = operands[0];
  const ArrayRef<int64_t> shape = operands[1].shape();
  const int64_t heads = ShapedType::getNumElements(shape.drop_back(2)), d = shape.back();
  const int64_t count = shape[shape.size() - 2]; // of one head
  const Codes codes(getMetric(), operands[1], evaluation);
  const int64_t rows = getType().getNumElements();
  return {chooseAll(*this, evaluation, count, [&](int64_t i, int64_t k) {
    return codes.score(&z.floats()[i * d], i / (rows / heads) * count + k);
  })};
}

Val centerOf(Val codebook) {
  const int64_t axis = codebook.rank() - 2;
  const CenterCodes taken(codebook.shape()[axis]);
  SmallVector<int64_t> offsets(codebook.rank(), 0), limits(codebook.shape()),
      strides(codebook.rank(), 1);
  limits[axis] = (taken.count - 1) * taken.step + 1;
  strides[axis] = taken.step;
  const Val some = slice(codebook, offsets, limits, strides);
  const Val total = sum(some, {axis}), squares = sum(some * some, {axis});
  const Val mean = total / total.constant(taken.count);
  return select(compare("gt", 1.25 * (mean * total), squares), mean, mean.constant(0));
}

Val lessCenter(Val x, Val center) {
  auto axes = llvm::to_vector(llvm::seq<int64_t>(0, center.rank()));
  axes.back() = x.rank() - 1;
  return x - broadcast(center, x.shape(), axes);
}

/// With z and e less the center for l2: argmin(|e|^2 - 2 z.e), argmin(-z.e) or argmin(-z.(e /
/// max(|e|, 1e-12)))
SmallVector<Value> VqOp::decompose(OpBuilder &builder) {
  auto [z, e] = vals(builder, getLoc(), getZ(), getCodebook());
  if (getMetric() == "l2") {
    const Val center = centerOf(e);
    z = lessCenter(z, center), e = lessCenter(e, center);
  }
  const int64_t last = z.rank() - 1, features = e.rank() - 1, codes = e.shape()[features - 1];
  const auto heads = llvm::to_vector(llvm::seq<int64_t>(0, features - 1)),
             whole = llvm::to_vector(llvm::seq<int64_t>(0, features)); // of |e|
  auto squares = [&] { return sum(e * e, {features}); };
  auto dot = [&](Val z, Val e) { return contract(z, e, heads, heads, {last}, {features}); };
  auto scores = [&]() -> Val {
    if (getMetric() == "dot")
      return -dot(z, e);
    if (getMetric() == "cosine") {
      const Val root = sqrt(squares());
      const double least = 1e-12;
      const Val length = root.op("maximum", {root, root.constant(least)}, root.type());
      return -dot(z, e / broadcast(length, e.shape(), whole));
    }
    SmallVector<int64_t> shape(z.shape().drop_back());
    shape.push_back(codes);
    SmallVector<int64_t> dims(heads);
    dims.push_back(last);
    return broadcast(squares(), shape, dims) - dot(2.0 * z, e);
  };
  const Val s = scores();
  return {s.op("argmin", s.value, getType(), s.i64("axis", last))};
}

} // namespace kerf::compiler

#define GET_OP_CLASSES
#include "compiler/ops/vq.cpp.inc"
