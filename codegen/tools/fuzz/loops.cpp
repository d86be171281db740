// Loops and branches.
#include "codegen/tools/fuzz/blocks.h"
#include "compiler/ops/scan.h"

using namespace mlir;
using namespace kerf::compiler;

namespace kerf::codegen::fuzz {

SmallVector<Known> Author::operands(int most, Wanted wanted) {
  SmallVector<Known> found;
  for (int64_t n = program.random.integer(1, most); n > 0; --n)
    if (auto x = pick(wanted))
      found.push_back(*x);
  return found;
}

Known Author::ofType(Type type) {
  return *pick([&](const Known &x) { return x.value.getType() == type; });
}

Known Author::truth() {
  const RankedTensorType type = tensor({}, b.getI1Type());
  auto there = pick([&](const Known &x) { return x.value.getType() == type; });
  if (there && program.chance(0.5))
    return *there;
  auto x = pick([](const Known &x) { return x.isNumber(); });
  if (!x || program.chance(0.1))
    return constant(type, double(program.below(2)));
  const Known number = passive(mean(*x));
  return emit("compare", {number, constant(number.type(), 0)}, type,
              text("predicate", program.oneOf<StringRef>({"lt", "le", "gt", "ge"})));
}

/// Carried values may be one value twice, trade places, be kept, or become a capture; inputs may be
/// one twice, and rows of results what is carried, captured or a row.
void Author::loop() {
  if (place.loops >= 2)
    return;
  SmallVector<Known> carried = operands(4, anything), captures = operands(3, anything), inputs;
  int64_t axis = 0, count = program.oneOf<int64_t>({0, 1, 2, 3, 3});
  if (auto x = pick([](const Known &x) { return x.rank() > 0; }); x && program.chance(0.6)) {
    axis = program.chance(0.6) ? 0 : program.below(x->rank());
    count = x->shape()[axis];
    if (count > 12)
      return; // it would be evaluated too long
    inputs.push_back(*x);
    while (program.chance(0.4))
      inputs.push_back(
          *pick([&](const Known &y) { return y.rank() > axis && y.shape()[axis] == count; }));
  }
  const bool stops = program.chance(0.25), hasSteps = program.chance(0.2);
  if (stops)
    carried.insert(carried.begin(), truth());
  SmallVector<Known> steps;
  if (hasSteps)
    steps.push_back(index(program.random.integer(-1, count + 1)));

  OperationState state(location, "kerf.scan");
  bool active = false;
  auto add = [&](ArrayRef<Known> operands) {
    active |= llvm::any_of(operands, [](const Known &x) { return x.active; });
    state.addOperands(valuesOf(operands));
  };
  add(carried);
  add(inputs);
  add(steps);
  add(captures);
  Block *block = new Block;
  state.addRegion()->push_back(block);
  Author body(program, builderAt(block, b.getContext()), location,
              {place.loops + 1, place.gradients});
  auto argument = [&](Type type, bool exact, bool active) {
    body.values.push_back({block->addArgument(type, location), exact, active});
  };
  for (const Known &x : carried) // floats are what the last round made
    argument(x.type(), !x.isFloat(), x.isFloat() && active);
  argument(tensor({}, b.getI64Type()), true, false);
  for (const Known &x : inputs)
    argument(ScanOp::rowOf(x.type(), axis), x.exact, x.active);
  for (const Known &x : captures)
    argument(x.type(), x.exact, x.active);
  body.fill(program.below(8));

  SmallVector<Known> next;
  for (const Known &x : carried) {
    Known kept = body.ofType(x.type());
    if (stops && next.empty())
      kept = body.truth();
    else if (x.isFloat() && program.chance(0.6))
      kept = body.mixed(kept, *body.pickFloat());
    next.push_back(kept);
  }
  SmallVector<Type> types(ValueRange(valuesOf(carried)).getTypes());
  while (program.chance(0.5))
    if (auto row = body.pick([&](const Known &x) {
          return x.rank() >= axis && x.rank() < 8 && x.size() * count <= program.largest;
        })) {
      next.push_back(*row);
      types.push_back(ScanOp::stackOf(row->type(), axis, count));
    }
  OperationState yield(location, "kerf.yield");
  yield.addOperands(valuesOf(next));
  body.builder().create(yield);

  // Segments of rows need an axis more; a loop in reverse that stops has no gradient.
  const bool isDeep = llvm::any_of(body.values, [](const Known &x) { return x.rank() > 6; });
  const int64_t keep = isDeep ? 0 : program.oneOf<int64_t>({0, 0, 1, 2, 5});
  state.addTypes(types);
  state.addAttributes({integer("count", count), integer("num_carried", carried.size()),
                       integer("num_inputs", inputs.size()), integer("axis", axis),
                       integer("keep", keep)});
  auto flag = [&](StringRef name, bool value) { state.addAttribute(name, b.getBoolAttr(value)); };
  flag("reverse", !(stops && active) && program.chance(0.3));
  flag("stops", stops);
  flag("has_steps", hasSteps);
  for (Value result : b.create(state)->getResults())
    values.push_back({result, !Known{result}.isFloat(), Known{result}.isFloat() && active});
}

/// Results are of types that both branches have: what they captured, or made of it.
void Author::branch() {
  if (place.loops >= 2)
    return;
  SmallVector<Known> captures = operands(4, anything), likes = operands(3, anything);
  const Known p = truth();
  const bool active = llvm::any_of(captures, [](const Known &x) { return x.active; });
  OperationState state(location, "kerf.cond");
  state.addOperands(p.value);
  state.addOperands(valuesOf(captures));
  for (int n = 0; n < 2; ++n) {
    Block *block = new Block;
    state.addRegion()->push_back(block);
    Author body(program, builderAt(block, b.getContext()), location,
                {place.loops + 1, place.gradients});
    for (const Known &x : captures)
      body.values.push_back({block->addArgument(x.type(), location), x.exact, x.active});
    body.fill(program.below(6));
    OperationState yield(location, "kerf.yield");
    for (const Known &like : likes)
      yield.addOperands(body.fitted(like.type()).value);
    body.builder().create(yield);
  }
  state.addTypes(ValueRange(valuesOf(likes)).getTypes());
  for (Value result : b.create(state)->getResults())
    values.push_back({result, !Known{result}.isFloat(), Known{result}.isFloat() && active});
}

} // namespace kerf::codegen::fuzz
