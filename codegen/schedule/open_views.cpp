// Whether the views of an open entry lie inside of their buffers, whatever rows a call has.
#include "codegen/schedule/open_sizes.h"
#include "codegen/schedule/steps.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Interfaces/ViewLikeInterface.h"

using namespace mlir;
using namespace kerf::compiler;

namespace kerf::codegen {

namespace {

/// The numbers that an index may be; what is not known is far beyond every buffer.
struct Range {
  static constexpr int64_t beyond = int64_t(1) << 62;
  int64_t low = -beyond, high = beyond;

  static int64_t clamp(__int128 number) {
    return int64_t(std::clamp<__int128>(number, -beyond, beyond));
  }
  Range operator+(Range other) const {
    return {clamp(__int128(low) + other.low), clamp(__int128(high) + other.high)};
  }
  Range operator-(Range other) const {
    return {clamp(__int128(low) - other.high), clamp(__int128(high) - other.low)};
  }
  Range operator*(Range other) const {
    const __int128 ends[] = {__int128(low) * other.low, __int128(low) * other.high,
                             __int128(high) * other.low, __int128(high) * other.high};
    return {clamp(*std::min_element(ends, ends + 4)), clamp(*std::max_element(ends, ends + 4))};
  }
};

/// What the scalar code of an open entry gives for a number of rows.
Range rangeOf(Value value, int64_t rows) {
  if (auto argument = dyn_cast<BlockArgument>(value)) {
    auto loop = dyn_cast<scf::ForOp>(argument.getOwner()->getParentOp());
    if (!loop || argument != loop.getInductionVar())
      return {};
    return {rangeOf(loop.getLowerBound(), rows).low, rangeOf(loop.getUpperBound(), rows).high - 1};
  }
  Operation *op = value.getDefiningOp();
  const auto operand = [&](unsigned i) { return rangeOf(op->getOperand(i), rows); };
  if (isa<arith::ConstantOp>(op)) {
    FailureOr<SmallVector<OpenNumber>> numbers = openNumbersOf(op);
    if (failed(numbers) || numbers->empty())
      return {};
    return {numbers->front().at(rows), numbers->front().at(rows)};
  }
  if (isa<arith::IndexCastOp>(op))
    return operand(0);
  if (isa<arith::AddIOp>(op))
    return operand(0) + operand(1);
  if (isa<arith::SubIOp>(op))
    return operand(0) - operand(1);
  if (isa<arith::MulIOp>(op))
    return operand(0) * operand(1);
  if (isa<arith::MinSIOp>(op)) {
    const Range a = operand(0), b = operand(1);
    return {std::min(a.low, b.low), std::min(a.high, b.high)};
  }
  if (isa<arith::MaxSIOp>(op)) {
    const Range a = operand(0), b = operand(1);
    return {std::max(a.low, b.low), std::max(a.high, b.high)};
  }
  return {};
}

/// All numbers that say what a view shows, and of what.
struct View {
  SmallVector<int64_t> numbers; ///< offset, factors of its terms, shape, strides, shape of its root
  size_t rank = 0;
  SmallVector<Value> indices; ///< of the terms

  static FailureOr<View> of(Value value) {
    auto type = cast<MemRefType>(value.getType());
    FailureOr<Offset> offset = offsetOf(value);
    FailureOr<SmallVector<int64_t>> strides = stridesOf(type);
    if (failed(offset) || failed(strides))
      return failure();
    View view;
    view.rank = type.getRank();
    view.numbers.push_back(offset->constant);
    for (auto [index, factor] : offset->terms) {
      view.indices.push_back(index);
      view.numbers.push_back(factor);
    }
    llvm::append_range(view.numbers, type.getShape());
    llvm::append_range(view.numbers, *strides);
    llvm::append_range(view.numbers, cast<MemRefType>(rootOf(value).getType()).getShape());
    return view;
  }
};

/// Does it lie inside for so many rows?
bool isInside(const View &view, ArrayRef<OpenNumber> open, int64_t rows) {
  const auto take = [&] {
    const int64_t number = open.front().at(rows);
    open = open.drop_front();
    return Range{number, number};
  };
  Range place = take();
  for (Value index : view.indices)
    place = place + rangeOf(index, rows) * take();
  const ArrayRef<OpenNumber> shape = open.take_front(view.rank);
  open = open.drop_front(view.rank);
  for (const OpenNumber &extent : shape)
    place = place + Range{0, extent.at(rows) - 1} * take();
  Range elements{1, 1};
  while (!open.empty())
    elements = elements * take();
  return place.low >= 0 && place.high < elements.high;
}

} // namespace

LogicalResult checkViews(func::FuncOp entry, const Twins &twins) {
  const OpenDim dim = *openDimOf(entry);
  auto walked = entry.walk([&](ViewLikeOpInterface op) {
    if (cast<MemRefType>(op->getResult(0).getType()).getNumElements() == 0)
      return WalkResult::advance();
    FailureOr<View> view = View::of(op->getResult(0));
    SmallVector<SmallVector<int64_t>> columns;
    for (const auto &twin : twins.ops)
      if (FailureOr<View> other = View::of(twin.lookup(op)->getResult(0)); succeeded(other))
        columns.push_back(std::move(other->numbers));
    SmallVector<OpenNumber> open;
    bool isKnown = succeeded(view) && columns.size() == twins.ops.size();
    for (size_t i = 0; isKnown && i < view->numbers.size(); ++i) {
      auto number =
          OpenNumber::through(twins.rows, {view->numbers[i], columns[0][i], columns[1][i]});
      isKnown = number.has_value();
      open.push_back(number.value_or(OpenNumber()));
    }
    int64_t rows = dim.least;
    while (isKnown && rows <= dim.rows && isInside(*view, open, rows))
      ++rows;
    if (rows > dim.rows)
      return WalkResult::advance();
    op->emitError("entry '") << entry.getName() << "' leaves " << dim.name << " open, but for "
                             << dim.name << " = " << rows
                             << " it is not known that this line stays inside of its operand; bind "
                             << dim.name << " to a number";
    return WalkResult::interrupt();
  });
  return failure(walked.wasInterrupted());
}

} // namespace kerf::codegen
