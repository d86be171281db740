// The derivatives of a scan: which form it takes, and forward mode.
#include "compiler/derivatives/scan.h"

#include "compiler/derivatives/flows.h"
#include "compiler/derivatives/forward.h"
#include "compiler/derivatives/reverse.h"
#include "compiler/ops/yield.h"
#include "compiler/val.h"

#include "mlir/IR/IRMapping.h"

using namespace mlir;

namespace kerf::compiler {

// ---- making one ------------------------------------------------------------------------------

ScanForm::ScanForm(ScanOp op)
    : carried(op.getCarried()), inputs(op.getInputs()), captures(op.getCaptures()),
      steps(op.getSteps()), count(int64_t(op.getCount())), keep(int64_t(op.getKeep())),
      reverse(op.getReverse()), stops(op.getStops()) {}

ScanOp makeScan(
    OpBuilder &builder, Location location, const ScanForm &form,
    llvm::function_ref<FailureOr<SmallVector<Value>>(OpBuilder &, const ScanArguments &)> body) {
  Region region;
  Block &block = region.emplaceBlock();
  ScanArguments arguments;
  auto add = [&](Type type) -> Value { return block.addArgument(type, location); };
  for (Value value : form.carried)
    arguments.carried.push_back(add(value.getType()));
  arguments.index = add(RankedTensorType::get({}, builder.getI64Type()));
  for (Value value : form.inputs)
    arguments.rows.push_back(add(ScanOp::rowOf(value.getType(), 0)));
  for (Value value : form.captures)
    arguments.captures.push_back(add(value.getType()));

  OpBuilder inside(builder.getContext());
  inside.setInsertionPointToEnd(&block);
  const FailureOr<SmallVector<Value>> yielded = body(inside, arguments);
  if (failed(yielded))
    return {};
  YieldOp::create(inside, location, *yielded);

  SmallVector<Type> results;
  for (auto [i, value] : llvm::enumerate(*yielded))
    results.push_back(i < form.carried.size() ? value.getType()
                                              : ScanOp::stackOf(value.getType(), 0, form.count));
  SmallVector<Value> operands(form.carried);
  llvm::append_range(operands, form.inputs);
  if (form.steps)
    operands.push_back(form.steps);
  llvm::append_range(operands, form.captures);
  auto scan = ScanOp::create(builder, location, results, operands, form.count, form.carried.size(),
                             form.inputs.size(), /*axis=*/0, form.keep, bool(form.steps),
                             form.reverse, form.stops);
  scan.getBody().takeBody(region);
  return scan;
}

// ---- what flows ------------------------------------------------------------------------------

void ScanOp::forEachFlow(llvm::function_ref<void(Value, Value)> edge) {
  ValueRange yielded = getBody().front().getTerminator()->getOperands();
  const auto arguments = getBody().getArguments();
  for (auto [i, operand, result] : llvm::enumerate(getCarried(), getLast())) {
    edge(operand, arguments[i]);
    edge(yielded[i], arguments[i]);
    edge(yielded[i], result);
    edge(operand, result); // if no iteration runs
  }
  for (auto [operand, row] : llvm::zip_equal(getInputs(), getRows()))
    edge(operand, row);
  for (auto [operand, capture] : llvm::zip_equal(getCaptures(), getInnerCaptures()))
    edge(operand, capture);
  for (auto [row, result] : llvm::zip_equal(yielded.drop_front(getNumCarried()), getStacked()))
    edge(row, result);
  for (Value result : getResults()) { // how many iterations run
    if (Value steps = getSteps())
      edge(steps, result);
    if (getStops()) {
      edge(getCarried().front(), result);
      edge(yielded.front(), result);
    }
  }
}

// ---- forward ---------------------------------------------------------------------------------

namespace {

/// A value for each of those that are not null, in order, from `values`; null for the others.
SmallVector<Value> spread(ArrayRef<bool> isThere, ValueRange values) {
  SmallVector<Value> all;
  for (bool is : isThere) {
    all.push_back(is ? values.front() : Value());
    values = values.drop_front(is);
  }
  return all;
}

/// One scan that carries tangents beside values.
class ScanForward {
public:
  ScanForward(ScanOp op, OpBuilder &builder, ValueRange tangents, Operation *by)
      : op(op), body(op.getBody().front()), builder(builder), by(by) {
    const unsigned carried = op.getNumCarried(), inputs = op.getNumInputs();
    ofCarried = tangents.take_front(carried);
    ofInputs = tangents.slice(carried, inputs);
    ofCaptures = tangents.take_back(op.getCaptures().size());
  }

  FailureOr<Derivative> run() {
    ScanForm form(op);
    findCarried();
    for (auto [is, value, tangent] : llvm::zip_equal(isCarried, op.getCarried(), ofCarried))
      if (is)
        form.carried.push_back(tangent ? tangent : splat(builder, op.getLoc(), value.getType(), 0));
    auto isThere = [](Value value) { return bool(value); };
    llvm::copy_if(ofInputs, std::back_inserter(form.inputs), isThere);
    llvm::copy_if(ofCaptures, std::back_inserter(form.captures), isThere);
    auto fill = [&](OpBuilder &inside, const ScanArguments &x) { return yielded(inside, x); };
    ScanOp made = makeScan(builder, op.getLoc(), form, fill);
    if (!made)
      return failure();

    const unsigned carried = op.getNumCarried(), stacked = op.getStacked().size();
    Derivative derivative;
    derivative.values.append(llvm::to_vector(made.getLast().take_front(carried)));
    derivative.values.append(llvm::to_vector(made.getStacked().take_front(stacked)));
    derivative.flows = spread(isCarried, made.getLast().drop_front(carried));
    derivative.flows.append(spread(isStacked, made.getStacked().drop_front(stacked)));
    return derivative;
  }

private:
  /// Which carried values have a tangent: from the start, or once an iteration has made one.
  void findCarried() {
    SmallVector<Flow> flows = flowsOf(body);
    op.forEachFlow([&](Value from, Value to) { flows.push_back({from, to, op, true}); });
    SmallVector<Value> seeds, ends;
    auto seed = [&](auto arguments, ArrayRef<Value> tangents) {
      for (auto [argument, tangent] : llvm::zip_equal(arguments, tangents))
        if (tangent)
          seeds.push_back(argument);
    };
    seed(body.getArguments().take_front(op.getNumCarried()), ofCarried);
    seed(op.getRows(), ofInputs);
    seed(op.getInnerCaptures(), ofCaptures);
    llvm::copy_if(op.getResults(), std::back_inserter(ends), isFloat);
    const DenseSet<Value> active = floatsFrom(flows, seeds);
    for (BlockArgument argument : body.getArguments().take_front(op.getNumCarried()))
      isCarried.push_back(active.contains(argument));
  }

  FailureOr<SmallVector<Value>> yielded(OpBuilder &inside, const ScanArguments &x) {
    const unsigned carried = op.getNumCarried(), inputs = op.getNumInputs(),
                   captures = op.getCaptures().size();
    SmallVector<Value> arguments(ArrayRef(x.carried).take_front(carried));
    arguments.push_back(x.index);
    arguments.append(llvm::to_vector(ArrayRef(x.rows).take_front(inputs)));
    arguments.append(llvm::to_vector(ArrayRef(x.captures).take_front(captures)));
    auto there = [](ArrayRef<Value> tangents) {
      return llvm::map_to_vector(tangents, [](Value tangent) { return bool(tangent); });
    };
    SmallVector<Value> tangents = spread(isCarried, ArrayRef(x.carried).drop_front(carried));
    tangents.push_back({}); // of the index
    tangents.append(spread(there(ofInputs), ArrayRef(x.rows).drop_front(inputs)));
    tangents.append(spread(there(ofCaptures), ArrayRef(x.captures).drop_front(captures)));
    FailureOr<Derivative> made = forwardMode(inside, body, arguments, tangents, by);
    if (failed(made))
      return failure();

    SmallVector<Value> next(ArrayRef(made->values).take_front(carried));
    for (auto [is, value, tangent] : llvm::zip(isCarried, next, made->flows))
      if (is)
        next.push_back(tangent ? tangent : splat(inside, op.getLoc(), value.getType(), 0));
    next.append(llvm::to_vector(ArrayRef(made->values).drop_front(carried)));
    for (Value tangent : ArrayRef(made->flows).drop_front(carried)) {
      isStacked.push_back(bool(tangent));
      if (tangent)
        next.push_back(tangent);
    }
    return next;
  }

  ScanOp op;
  Block &body;
  OpBuilder &builder;
  Operation *by;
  SmallVector<Value> ofCarried, ofInputs, ofCaptures; ///< tangents of operands; null where zero
  SmallVector<bool> isCarried, isStacked;             ///< has a tangent
};

/// Runs a block that does the same as an op where the op is, and its derivative at the builder.
FailureOr<Derivative> reverseOfSame(Operation *op, Block &same, OpBuilder &builder,
                                    ArrayRef<bool> needed, ValueRange cotangents, Operation *by) {
  OpBuilder before(op);
  Reverse reverse(before, same, op->getOperands(), by);
  SmallVector<Value> seeds;
  for (auto [argument, isNeeded] : llvm::zip_equal(same.getArguments(), needed))
    if (isNeeded)
      seeds.push_back(argument);
  if (failed(reverse.run(builder, seeds, SmallVector<Value>(cotangents))))
    return failure();
  Derivative derivative;
  for (Value value : same.getTerminator()->getOperands())
    derivative.values.push_back(reverse.copyOf(value));
  for (BlockArgument argument : same.getArguments())
    derivative.flows.push_back(reverse.cotangentOf(argument));
  return derivative;
}

} // namespace

FailureOr<Derivative> ScanOp::forward(OpBuilder &builder, ValueRange tangents, Operation *by) {
  if (getAxis() == 0)
    return ScanForward(*this, builder, tangents, by).run();
  Block same;
  alongFirstAxis(*this, same);
  return forwardMode(builder, same, getX(), SmallVector<Value>(tangents), by);
}

// ---- reverse ---------------------------------------------------------------------------------

FailureOr<Derivative> ScanOp::reverse(OpBuilder &builder, ArrayRef<bool> needed,
                                      ValueRange cotangents, Operation *by) {
  if (getAxis() == 0 && getKeep() <= 1)
    return reverseOfScan(*this, builder, needed, cotangents, by);
  auto hasManyAxes = [](Type type) { return cast<RankedTensorType>(type).getRank() == max_rank; };
  if (getAxis() == 0 && (llvm::any_of(getInputs().getTypes(), hasManyAxes) ||
                         llvm::any_of(getStacked().getTypes(), hasManyAxes)))
    return refuseDerivative(*this, "not implemented, of segments of rows with 7 axes", by);
  Block same;
  getAxis() != 0 ? alongFirstAxis(*this, same) : inSegments(*this, same);
  return reverseOfSame(*this, same, builder, needed, cotangents, by);
}

// ---- the same in other ops -------------------------------------------------------------------

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
  IRMapping map;
  SmallVector<Value> arguments(carried);
  arguments.push_back(index);
  llvm::append_range(arguments, rows);
  llvm::append_range(arguments, captures);
  Block &body = op.getBody().front();
  map.map(body.getArguments(), arguments);
  for (Operation &inner : body.without_terminator())
    builder.clone(inner, map);
  return llvm::map_to_vector(body.getTerminator()->getOperands(),
                             [&](Value value) { return map.lookupOrDefault(value); });
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
