// A scan as other ops that do the same: along the first axis, in segments.
#include "compiler/copy_block.h"
#include "compiler/derivatives/scan.h"
#include "compiler/ops/yield.h"
#include "compiler/val.h"

using namespace mlir;

namespace kerf::compiler {

/// x with axis `from` as axis `to`, all others in order.
static Val moved(Val x, int64_t from, int64_t to) {
  SmallVector<int64_t> permutation = otherAxes(x.rank(), from);
  permutation.insert(permutation.begin() + to, from);
  return transpose(x, permutation);
}

/// Arguments for the op's operands, and a builder at the end of the block.
static OpBuilder begin(ScanOp op, Block &block) {
  for (Value operand : op.getX())
    block.addArgument(operand.getType(), operand.getLoc());
  OpBuilder builder(op.getContext());
  builder.setInsertionPointToEnd(&block);
  return builder;
}

void alongFirstAxis(ScanOp op, Block &block) {
  OpBuilder builder = begin(op, block);
  const int64_t axis = op.getAxis();
  auto val = [&](Value value) { return Val(builder, op.getLoc(), value); };
  SmallVector<Value> operands(block.getArguments());
  for (Value &input : MutableArrayRef(operands).slice(op.getNumCarried(), op.getNumInputs()))
    input = moved(val(input), axis, 0);
  auto same = cast<ScanOp>(builder.clone(*op));
  same->setOperands(operands);
  same.setAxis(0);
  SmallVector<Value> results(same.getLast());
  for (auto [old, stacked] : llvm::zip_equal(op.getStacked(), same.getStacked())) {
    stacked.setType(ScanOp::stackOf(ScanOp::rowOf(old.getType(), axis), 0, op.getCount()));
    results.push_back(moved(val(stacked), 0, axis));
  }
  YieldOp::create(builder, op.getLoc(), results);
}

namespace {

/// A scan whose iterations are those of another one from `first` on, by its number.
class Part {
public:
  Part(OpBuilder &builder, ScanOp op) : builder(builder), op(op) {}

  Val val(Value value) const { return Val(builder, op.getLoc(), value); }
  Val number(int64_t value) const {
    auto type = RankedTensorType::get({}, builder.getI64Type());
    return val(arith::ConstantOp::create(builder, op.getLoc(),
                                         cast<DenseElementsAttr>(splatOf(type, value))));
  }
  /// Rows `first` to `first + count` of x.
  Val rows(Value x, int64_t first, int64_t count) const {
    const Val all = val(x);
    SmallVector<int64_t> offsets(all.rank(), 0), limits(all.shape()), strides(all.rank(), 1);
    offsets[0] = first, limits[0] = first + count;
    return slice(all, offsets, limits, strides);
  }

  OpBuilder &builder;
  mutable ScanOp op; // a handle, whose getters are not const
};

/// The region's ops for iteration `index` of the whole; what it yields.
SmallVector<Value> copyBody(OpBuilder &builder, ScanOp op, ArrayRef<Value> carried, Value index,
                            ArrayRef<Value> rows, ArrayRef<Value> captures) {
  SmallVector<Value> arguments(carried);
  arguments.push_back(index);
  llvm::append_range(arguments, rows);
  llvm::append_range(arguments, captures);
  return copyBlock(builder, op.getBody().front(), arguments);
}

} // namespace

void inSegments(ScanOp op, Block &block) {
  OpBuilder builder = begin(op, block);
  const Part at(builder, op);
  const Location location = op.getLoc();
  const int64_t count = op.getCount(), size = std::min<int64_t>(op.getKeep(), count),
                segments = size == 0 ? 0 : count / size, rest = count - segments * size;
  // In reverse the last iterations come first.
  const int64_t first = op.getReverse() ? rest : 0,
                restFirst = op.getReverse() ? 0 : segments * size;
  const unsigned numCarried = op.getNumCarried();
  ValueRange operands = block.getArguments();
  const ValueRange inputs = operands.slice(numCarried, op.getNumInputs());
  const Value steps = op.getHasSteps() ? operands[numCarried + op.getNumInputs()] : Value();
  const SmallVector<Value> captures(operands.take_back(op.getCaptures().size()));
  auto options = [&](ScanForm &form, int64_t count, int64_t keep) {
    form.count = count, form.keep = keep;
    form.reverse = op.getReverse(), form.stops = op.getStops();
  };

  // The segments: a scan in a scan, which takes the first iteration's number as a capture.
  ScanForm outer;
  options(outer, segments, 1);
  outer.carried = operands.take_front(numCarried);
  for (Value input : inputs) {
    const Val part = at.rows(input, first, segments * size);
    SmallVector<int64_t> shape{segments, size};
    llvm::append_range(shape, part.shape().drop_front());
    outer.inputs.push_back(reshape(part, shape));
  }
  outer.captures = captures;
  if (steps) {
    const Val running = at.val(steps) + at.number(size - 1 - first); // rounded up
    outer.steps = running.op("floor_divide", {running, at.number(size)}, running.type());
    outer.captures.push_back(steps);
  }
  ScanOp whole = makeScan(
      builder, location, outer,
      [&](OpBuilder &inside, const ScanArguments &x) -> FailureOr<SmallVector<Value>> {
        const Part in(inside, op);
        const Val begin = in.number(first) + in.val(x.index) * in.number(size);
        ScanForm inner;
        options(inner, size, 0);
        inner.carried = x.carried;
        inner.inputs = x.rows;
        inner.captures = SmallVector<Value>(ArrayRef(x.captures).take_front(captures.size()));
        if (steps)
          inner.steps = in.val(x.captures.back()) - begin;
        inner.captures.push_back(begin);
        ScanOp segment = makeScan(
            inside, location, inner,
            [&](OpBuilder &deep, const ScanArguments &y) -> FailureOr<SmallVector<Value>> {
              const Part here(deep, op);
              const Value index = here.val(y.captures.back()) + here.val(y.index);
              return copyBody(deep, op, y.carried, index, y.rows, ArrayRef(y.captures).drop_back());
            });
        return SmallVector<Value>(segment->getResults());
      });

  SmallVector<Value> results(whole.getLast());
  SmallVector<Val> stacked;
  for (Value made : whole.getStacked()) {
    SmallVector<int64_t> shape(cast<RankedTensorType>(made.getType()).getShape());
    shape[1] *= shape[0];
    stacked.push_back(reshape(at.val(made), ArrayRef(shape).drop_front()));
  }
  if (rest) {
    ScanForm tail;
    options(tail, rest, 0);
    tail.carried = results;
    for (Value input : inputs)
      tail.inputs.push_back(at.rows(input, restFirst, rest));
    tail.captures = captures;
    if (steps)
      tail.steps = at.val(steps) - at.number(restFirst);
    ScanOp last =
        makeScan(builder, location, tail,
                 [&](OpBuilder &inside, const ScanArguments &x) -> FailureOr<SmallVector<Value>> {
                   const Part in(inside, op);
                   const Value index = in.val(x.index) + in.number(restFirst);
                   return copyBody(inside, op, x.carried, index, x.rows, x.captures);
                 });
    results = SmallVector<Value>(last.getLast());
    for (auto [all, more] : llvm::zip_equal(stacked, last.getStacked())) {
      SmallVector<Value> parts{all, more};
      if (op.getReverse())
        std::swap(parts[0], parts[1]);
      SmallVector<int64_t> shape(all.shape());
      shape[0] = count;
      all = all.op("concat", parts, all.type().clone(shape), all.i64("axis", 0));
    }
  }
  llvm::append_range(results, stacked);
  YieldOp::create(builder, location, results);
}

} // namespace kerf::compiler
