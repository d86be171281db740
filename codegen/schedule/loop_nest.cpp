// A linalg.generic on buffers, as loops over strided memory.
#include "codegen/schedule/loop_nest.h"
#include "codegen/schedule/steps.h"

using namespace mlir;

namespace kerf::codegen {

/// Value of the linear expression at `point`; none if it is not linear with constant factors.
static std::optional<int64_t> evaluate(AffineExpr expr, ArrayRef<int64_t> point) {
  if (auto constant = dyn_cast<AffineConstantExpr>(expr))
    return constant.getValue();
  if (auto dim = dyn_cast<AffineDimExpr>(expr))
    return point[dim.getPosition()];
  auto binary = dyn_cast<AffineBinaryOpExpr>(expr);
  if (!binary)
    return std::nullopt;
  auto a = evaluate(binary.getLHS(), point), b = evaluate(binary.getRHS(), point);
  if (!a || !b)
    return std::nullopt;
  if (expr.getKind() == AffineExprKind::Add)
    return *a + *b;
  bool isScaled =
      isa<AffineConstantExpr>(binary.getLHS()) || isa<AffineConstantExpr>(binary.getRHS());
  if (expr.getKind() == AffineExprKind::Mul && isScaled)
    return *a * *b;
  return std::nullopt;
}

static FailureOr<Access> accessOf(linalg::GenericOp op, OpOperand &operand, unsigned numLoops) {
  auto type = cast<MemRefType>(operand.get().getType());
  FailureOr<SmallVector<int64_t>> found = stridesOf(type);
  if (failed(found))
    return op.emitError("an operand has no static strides: ") << type;
  ArrayRef<int64_t> strides = *found;
  Access access{type.getElementType(), SmallVector<int64_t>(numLoops, 0)};
  AffineMap map = op.getMatchingIndexingMap(&operand);
  SmallVector<int64_t> point(numLoops, 0);
  for (auto [axis, expr] : llvm::enumerate(map.getResults())) {
    std::optional<int64_t> origin = evaluate(expr, point);
    if (!origin)
      return op.emitError("an operand is not indexed by a linear expression: ")
             << AffineMapAttr::get(map);
    access.offset += *origin * strides[axis];
    for (unsigned d = 0; d < numLoops; ++d) {
      point[d] = 1;
      access.strides[d] += (*evaluate(expr, point) - *origin) * strides[axis];
      point[d] = 0;
    }
  }
  return access;
}

// Normal form

/// Keeps the loops `order` of the nest, in this order.
static void permute(Nest &nest, ArrayRef<unsigned> order) {
  auto pick = [&](auto &list) {
    auto old = list;
    list.clear();
    for (unsigned d : order)
      list.push_back(old[d]);
  };
  pick(nest.extents);
  pick(nest.reduced);
  for (Access &access : nest.operands)
    pick(access.strides);
  for (int &loop : nest.loopOf) {
    auto place = llvm::find(order, unsigned(loop));
    loop = loop < 0 || place == order.end() ? -1 : place - order.begin();
  }
}

static void dropUnitLoops(Nest &nest) {
  SmallVector<unsigned> kept;
  for (unsigned d = 0; d < nest.extents.size(); ++d)
    if (nest.extents[d] != 1)
      kept.push_back(d);
  permute(nest, kept);
}

/// Parallel loops first, those with the largest steps through the first result outermost; reduced
/// loops keep their order.
static void sortLoops(Nest &nest) {
  SmallVector<unsigned> order;
  for (unsigned d = 0; d < nest.extents.size(); ++d)
    order.push_back(d);
  ArrayRef<int64_t> out = nest.operands[nest.numInputs].strides;
  llvm::sort(order, [&](unsigned a, unsigned b) {
    auto key = [&](unsigned d) {
      return std::tuple(bool(nest.reduced[d]), nest.reduced[d] ? 0 : -out[d], d);
    };
    return key(a) < key(b);
  });
  permute(nest, order);
}

/// Loops d and d + 1 become one where every operand walks through both with one stride.
static void collapseLoops(Nest &nest) {
  for (unsigned d = nest.extents.size(); d-- > 1;) {
    bool same = nest.reduced[d - 1] == nest.reduced[d];
    for (const Access &access : nest.operands)
      same &= access.strides[d - 1] == access.strides[d] * nest.extents[d];
    if (!same)
      continue;
    SmallVector<unsigned> kept;
    for (unsigned i = 0; i < nest.extents.size(); ++i)
      if (i != d - 1)
        kept.push_back(i);
    nest.extents[d] *= nest.extents[d - 1];
    permute(nest, kept);
  }
}

FailureOr<Nest> analyse(linalg::GenericOp op) {
  Nest nest;
  nest.op = op;
  unsigned numLoops = op.getNumLoops();
  llvm::append_range(nest.extents, op.getStaticLoopRanges());
  if (ShapedType::isDynamicShape(nest.extents))
    return op.emitError("a loop has no static extent");
  nest.isEmpty = llvm::is_contained(nest.extents, 0);
  for (utils::IteratorType iterator : op.getIteratorTypesArray())
    nest.reduced.push_back(iterator != utils::IteratorType::parallel);
  for (unsigned d = 0; d < numLoops; ++d)
    nest.loopOf.push_back(d);
  for (OpOperand &operand : op->getOpOperands()) {
    if (!isa<MemRefType>(operand.get().getType()))
      continue;
    FailureOr<Access> access = accessOf(op, operand, numLoops);
    if (failed(access))
      return failure();
    nest.operands.push_back(*access);
    nest.numInputs += op.isDpsInput(&operand);
  }
  if (llvm::is_contained(nest.reduced, true))
    nest.order = nest.reduced.back() ? Nest::Order::rows : Nest::Order::chain;
  dropUnitLoops(nest);
  sortLoops(nest);
  if (!op.hasIndexSemantics())
    collapseLoops(nest);
  return nest;
}

} // namespace kerf::codegen
