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

namespace {

class Builder {
public:
  Builder(OpBuilder &b, Location location, const Region &region, const DenseMap<Value, int> &axes,
          const DenseMap<Value, Value> &made)
      : b(b), location(location), region(region), axes(axes), made(made) {}

  /// kerf.rows for rows `from` to `to`, a multiple of `block`, its sums going on from `sums`.
  Operation *blocks(int64_t from, int64_t to, int64_t block, ValueRange sums);

private:
  void cloneOp(OpBuilder &inner, Operation *op, IRMapping &copies, int64_t rows, Value firstRow);
  SmallVector<Value> cloneAll(OpBuilder &inner, IRMapping &copies, int64_t rows, Value firstRow);
  Value now(Value x) const { return made.lookup(x) ? made.lookup(x) : x; }

  OpBuilder &b;
  Location location;
  const Region &region;
  const DenseMap<Value, int> &axes;
  const DenseMap<Value, Value> &made;
};

/// `op` for `rows` rows from number `firstRow` on.
void Builder::cloneOp(OpBuilder &inner, Operation *op, IRMapping &copies, int64_t rows,
                      Value firstRow) {
  Operation *copy = inner.clone(*op, copies);
  auto found = axes.find(op->getResult(0));
  if (found == axes.end())
    return;
  const int axis = found->second;
  auto type = withExtent(typeOf(op->getResult(0)), axis, rows);
  copy->getResult(0).setType(type);
  if (auto constant = dyn_cast<arith::ConstantOp>(copy))
    constant.setValueAttr(cast<SplatElementsAttr>(constant.getValue()).resizeSplat(type));
  if (auto rowwise = dyn_cast<Rowwise>(copy))
    rowwise.followRows(axis, rows);
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
SmallVector<Value> Builder::cloneAll(OpBuilder &inner, IRMapping &copies, int64_t rows,
                                     Value firstRow) {
  for (Operation *op : region.ops)
    cloneOp(inner, op, copies, rows, firstRow);
  SmallVector<Value> results;
  for (ArrayRef<Operation *> leaving : {ArrayRef(region.pieces), ArrayRef(region.sums)})
    for (Operation *op : leaving)
      results.push_back(copies.lookup(op->getResult(0)));
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
  IRMapping copies;
  Value number = body.addArgument(RankedTensorType::get({}, b.getI64Type()), location);
  Value firstRow = integers(inner, location, "kerf.mul", number, scalar(inner, location, block));
  firstRow = integers(inner, location, "kerf.add", firstRow, scalar(inner, location, from));
  for (Value x : region.sliced) {
    state.operands.push_back(rowsOf(b, location, now(x), from, to));
    copies.map(x, body.addArgument(withExtent(typeOf(x), 0, block), x.getLoc()));
  }
  for (Value x : region.whole) {
    state.operands.push_back(now(x));
    copies.map(x, body.addArgument(x.getType(), x.getLoc()));
  }
  SmallVector<Value> yielded = cloneAll(inner, copies, block, firstRow);
  for (Operation *piece : region.pieces)
    state.addTypes(withExtent(typeOf(piece->getResult(0)), 0, to - from));
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
      OperationState concat(location, "kerf.concat", ValueRange{piece, rest},
                            old->getResultTypes());
      concat.addAttribute("axis", b.getI64IntegerAttr(0));
      piece = b.create(concat)->getResult(0);
    }
    sums.assign(results.begin() + pieces.size(), results.end());
  }
  for (auto [old, piece] : llvm::zip_equal(region.pieces, pieces))
    made[old->getResult(0)] = piece;
  for (auto [old, sum] : llvm::zip_equal(region.sums, sums))
    made[old->getResult(0)] = sum;
}

} // namespace kerf::compiler::rows
