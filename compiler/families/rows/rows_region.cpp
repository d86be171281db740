#include "compiler/families/rows/rows_region.h"
#include "compiler/draw.h"
#include "compiler/match/scaled_view.h"
#include "compiler/val.h"

#include "compiler/ops/rows.h"

#include "mlir/IR/IRMapping.h"

using namespace mlir;

namespace kerf::compiler::rows {

void Region::sort() {
  SmallVector<Operation *> sorted = ops.takeVector();
  llvm::sort(sorted, [](Operation *a, Operation *b) { return a->isBeforeInBlock(b); });
  ops.insert(sorted.begin(), sorted.end());
}

int64_t blockBelow(int64_t most, int64_t rows) {
  if (rows <= most)
    return rows;
  for (int64_t block = most; block > most / 2; --block)
    if (rows % block == 0)
      return block;
  return most;
}

/// A tensor<i64> of `number`.
static Value scalar(OpBuilder &b, Location location, int64_t number) {
  auto type = RankedTensorType::get({}, b.getI64Type());
  return arith::ConstantOp::create(b, location,
                                   DenseElementsAttr::get(type, APInt(64, number, true)));
}

static Value integers(OpBuilder &b, Location location, StringRef name, Value x, Value y) {
  OperationState state(location, name, ValueRange{x, y}, TypeRange(x.getType()));
  return b.create(state)->getResult(0);
}

/// Rows `from` to `to` of x.
static Value rowsOf(OpBuilder &b, Location location, Value x, int64_t from, int64_t to) {
  Val v(b, location, x);
  if (from == 0 && to == v.shape()[0])
    return x;
  SmallVector<int64_t> offsets(v.rank(), 0), limits(v.shape()), strides(v.rank(), 1);
  offsets[0] = from, limits[0] = to;
  return slice(v, offsets, limits, strides);
}

/// Axis `from` of x comes to stand at `to`.
static Value moveAxis(Val x, int from, int to) {
  if (from == to)
    return x;
  SmallVector<int64_t> order = llvm::to_vector(llvm::seq<int64_t>(x.rank()));
  order.erase(order.begin() + from);
  order.insert(order.begin() + to, from);
  SmallVector<int64_t> shape;
  for (int64_t axis : order)
    shape.push_back(x.shape()[axis]);
  // What it passes has one element each way, or it has.
  const auto passed = ArrayRef(x.shape()).slice(std::min(from, to), std::abs(from - to) + 1);
  const bool isView = x.shape()[from] == 1 ||
                      llvm::count_if(passed, [](int64_t extent) { return extent != 1; }) <= 1;
  return isView ? reshape(x, shape) : transpose(x, order);
}

/// `type` with axis `axis` first, of extent `rows`.
static RankedTensorType rowsFirst(RankedTensorType type, int axis, int64_t rows) {
  SmallVector<int64_t> shape(type.getShape());
  shape.erase(shape.begin() + axis);
  shape.insert(shape.begin(), rows);
  return RankedTensorType::get(shape, type.getElementType());
}

namespace {

class Builder {
public:
  Builder(OpBuilder &b, Location location, const Region &region, const DenseMap<Value, int> &axes,
          const DenseMap<Value, Value> &made)
      : b(b), location(location), region(region), axes(axes), made(made) {}

  /// kerf.rows for rows `from` to `to`, a multiple of `block`, its sums going on from `sums`.
  Operation *blocks(int64_t from, int64_t to, int64_t block, ValueRange sums);

private:
  /// What stands in a region for what is outside: for its rows, and for all of it.
  struct Copies {
    IRMapping rows, wholes;
  };
  void cloneOp(OpBuilder &inner, Operation *op, Copies &copies, int64_t rows, Value firstRow);
  SmallVector<Value> cloneAll(OpBuilder &inner, Copies &copies, int64_t rows, Value firstRow);
  Value now(Value x) const { return made.lookup(x) ? made.lookup(x) : x; }
  int axisOf(Operation *piece) const { return axes.lookup(piece->getResult(0)); }

  OpBuilder &b;
  Location location;
  const Region &region;
  const DenseMap<Value, int> &axes;
  const DenseMap<Value, Value> &made;
};

/// A constant of equal elements, of which nothing has said yet that `op` reads it by rows, gets as
/// many of these as `copy` reads.
static void followConstants(OpBuilder &inner, Operation *op, Operation *copy, int axis,
                            int64_t rows) {
  const std::optional<RowAxes> flow = fromResult(op, axis);
  if (!flow)
    return;
  for (auto [i, itsAxis] : llvm::enumerate(flow->operands)) {
    auto constant = copy->getOperand(i).getDefiningOp<arith::ConstantOp>();
    auto splat = constant ? dyn_cast<SplatElementsAttr>(constant.getValue()) : nullptr;
    if (!splat || itsAxis == noRows || typeOf(constant).getDimSize(itsAxis) == rows)
      continue;
    inner.setInsertionPoint(copy);
    const RankedTensorType type = withExtent(typeOf(constant), itsAxis, rows);
    copy->setOperand(i, arith::ConstantOp::create(inner, copy->getLoc(), splat.resizeSplat(type)));
    inner.setInsertionPointAfter(copy);
  }
}

/// `op` for `rows` rows from number `firstRow` on.
void Builder::cloneOp(OpBuilder &inner, Operation *op, Copies &copies, int64_t rows,
                      Value firstRow) {
  Operation *copy = inner.clone(*op, copies.rows);
  for (OpOperand &use : op->getOpOperands())
    if (region.wholeUses.contains(&use))
      copy->setOperand(use.getOperandNumber(), copies.wholes.lookup(use.get()));
  auto found = axes.find(op->getResult(0));
  if (found == axes.end())
    return;
  const int axis = found->second;
  auto type = withExtent(typeOf(op->getResult(0)), axis, rows);
  copy->getResult(0).setType(type);
  followConstants(inner, op, copy, axis, rows);
  if (auto constant = dyn_cast<arith::ConstantOp>(copy))
    constant.setValueAttr(cast<SplatElementsAttr>(constant.getValue()).resizeSplat(type));
  if (auto rowwise = dyn_cast<Rowwise>(copy))
    rowwise.followRows(axis, rows);
  if (op->hasTrait<Elementwise>())
    for (OpOperand &use : copy->getOpOperands()) { // a number may stand for all rows elsewhere
      auto number = use.get().getDefiningOp<arith::ConstantOp>();
      if (!number || typeOf(use.get()).getShape() == type.getShape())
        continue;
      inner.setInsertionPoint(copy);
      auto splat = cast<SplatElementsAttr>(number.getValue());
      use.set(arith::ConstantOp::create(
          inner, number.getLoc(), splat.resizeSplat(typeOf(use.get()).clone(type.getShape()))));
      inner.setInsertionPointAfter(copy);
    }
  auto draw = dyn_cast<Draw>(copy);
  if (!draw)
    return;
  inner.setInsertionPoint(copy); // the words of these rows
  copy->setAttr(partOfDraw, inner.getUnitAttr());
  const int64_t width = type.getNumElements() / rows;
  Value skipped =
      integers(inner, copy->getLoc(), "kerf.mul", firstRow, scalar(inner, copy->getLoc(), width));
  OpOperand &offset = draw.getOffsetMutable();
  offset.set(integers(inner, copy->getLoc(), "kerf.add", offset.get(), skipped));
  inner.setInsertionPointAfter(copy);
}

/// The region's ops for `rows` rows; the results that leave it.
SmallVector<Value> Builder::cloneAll(OpBuilder &inner, Copies &copies, int64_t rows,
                                     Value firstRow) {
  for (Operation *op : region.ops)
    cloneOp(inner, op, copies, rows, firstRow);
  SmallVector<Value> results;
  for (Operation *op : region.pieces)
    results.push_back(
        moveAxis(Val(inner, location, copies.rows.lookup(op->getResult(0))), axisOf(op), 0));
  for (Operation *op : region.sums)
    results.push_back(copies.rows.lookup(op->getResult(0)));
  return results;
}

Operation *Builder::blocks(int64_t from, int64_t to, int64_t block, ValueRange sums) {
  OperationState state(location, RowsOp::getOperationName());
  state.addAttribute("block", b.getI64IntegerAttr(block));
  state.addAttribute("num_sliced", b.getI64IntegerAttr(region.sliced.size()));
  state.addAttribute("num_whole", b.getI64IntegerAttr(region.whole.size()));
  Block &body = state.addRegion()->emplaceBlock();
  OpBuilder inner(b.getContext());
  inner.setInsertionPointToEnd(&body);
  Copies copies;
  Value number = body.addArgument(RankedTensorType::get({}, b.getI64Type()), location);
  Value firstRow = integers(inner, location, "kerf.mul", number, scalar(inner, location, block));
  firstRow = integers(inner, location, "kerf.add", firstRow, scalar(inner, location, from));
  for (Value x : region.sliced) {
    const int axis = axes.lookup(x);
    Value first = moveAxis(Val(b, location, now(x)), axis, 0);
    state.operands.push_back(rowsOf(b, location, first, from, to));
    Value argument = body.addArgument(rowsFirst(typeOf(x), axis, block), x.getLoc());
    copies.rows.map(x, moveAxis(Val(inner, location, argument), 0, axis));
  }
  for (Value x : region.whole) {
    state.operands.push_back(now(x));
    Value argument = body.addArgument(x.getType(), x.getLoc());
    copies.wholes.map(x, argument);
    if (!copies.rows.contains(x))
      copies.rows.map(x, argument);
  }
  SmallVector<Value> yielded = cloneAll(inner, copies, block, firstRow);
  for (Operation *piece : region.pieces)
    state.addTypes(rowsFirst(typeOf(piece->getResult(0)), axisOf(piece), to - from));
  for (auto [before, next] :
       llvm::zip_equal(sums, MutableArrayRef(yielded).drop_front(region.pieces.size()))) {
    state.addTypes(next.getType());
    state.operands.push_back(before);
    Val argument(inner, location, body.addArgument(next.getType(), location));
    next = argument + Val(inner, location, next);
  }
  OperationState yield(location, "kerf.yield", yielded, {});
  inner.create(yield);
  return b.create(state);
}

} // namespace

void build(OpBuilder &b, Location location, const Region &region, const DenseMap<Value, int> &axes,
           int64_t rows, int64_t block, DenseMap<Value, Value> &made) {
  if (region.pieces.empty() && region.sums.empty())
    return;
  Builder builder(b, location, region, axes, made);
  const int64_t whole = rows / block * block;
  SmallVector<Value> sums;
  for (Operation *sum : region.sums)
    sums.push_back(
        arith::ConstantOp::create(b, location, b.getZeroAttr(sum->getResult(0).getType())));
  ResultRange results = builder.blocks(0, whole, block, sums)->getResults();
  SmallVector<Value> pieces(results.take_front(region.pieces.size()));
  sums.assign(results.begin() + pieces.size(), results.end());
  if (whole < rows) {
    results = builder.blocks(whole, rows, rows - whole, sums)->getResults();
    for (auto [piece, rest, old] : llvm::zip(pieces, results, region.pieces)) {
      OperationState concat(
          location, "kerf.concat", ValueRange{piece, rest},
          rowsFirst(typeOf(old->getResult(0)), axes.lookup(old->getResult(0)), rows));
      concat.addAttribute("axis", b.getI64IntegerAttr(0));
      piece = b.create(concat)->getResult(0);
    }
    sums.assign(results.begin() + pieces.size(), results.end());
  }
  for (auto [old, piece] : llvm::zip_equal(region.pieces, pieces))
    made[old->getResult(0)] = moveAxis(Val(b, location, piece), 0, axes.lookup(old->getResult(0)));
  for (auto [old, sum] : llvm::zip_equal(region.sums, sums))
    made[old->getResult(0)] = sum;
}

} // namespace kerf::compiler::rows
