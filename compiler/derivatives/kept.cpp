#include "compiler/derivatives/kept.h"

#include "compiler/derivatives/min_cut.h"
#include "compiler/match/scaled_view.h"
#include "compiler/ops/broadcast.h"
#include "compiler/ops/iota.h"
#include "compiler/ops/slice.h"
#include "compiler/val.h"
#include "compiler/values.h"

#include "mlir/Dialect/Arith/IR/Arith.h"

using namespace mlir;

namespace kerf::compiler {

Kept::Kept(ScanOp op, Block &joint, unsigned numArguments)
    : op(op), joint(joint), numArguments(numArguments) {
  for (BlockArgument argument : joint.getArguments().drop_front(numArguments))
    linear.insert(argument);
  for (BlockArgument argument :
       joint.getArguments().take_front(numArguments).take_back(op.getCaptures().size()))
    invariant.insert(argument);
  for (Operation &inner : joint.without_terminator()) {
    auto isLinear = [&](Value x) { return linear.contains(x); };
    auto isInvariant = [&](Value x) { return invariant.contains(x); };
    if (llvm::any_of(inner.getOperands(), isLinear))
      linear.insert(inner.result_begin(), inner.result_end());
    else if (llvm::all_of(inner.getOperands(), isInvariant))
      invariant.insert(inner.result_begin(), inner.result_end());
  }
  if (!recomputesAll())
    findCheapest();
}

/// Does a result cost no more per element than to be read? It is one loop over elements then.
static bool isCheap(Operation *maker) {
  return isa<arith::ConstantOp, BroadcastOp, IotaOp>(maker) || maker->hasTrait<Elementwise>() ||
         maker->hasTrait<View>() || isa<SliceOp>(maker) ||
         (maker->hasTrait<Linear>() && maker->getNumOperands() == 1 &&
          sizeOf(maker->getResult(0)) >= sizeOf(maker->getOperand(0)));
}

bool Kept::mayBeMadeAgain(Operation *maker) const {
  if (linear.contains(maker->getResult(0)) || maker->getNumOperands() == 0 || recomputesAll())
    return true;
  // Once beside the loop, unless that would be an array of what is one number.
  if (invariant.contains(maker->getResult(0)))
    return llvm::all_of(maker->getOperands(),
                        [&](Value x) { return sizeOf(x) < sizeOf(maker->getResult(0)); });
  return isCheap(maker);
}

/// A cut between what is there only if it is kept and what the vjps use: to pass by a value costs
/// its bytes.
void Kept::findCheapest() {
  MinCut graph;
  DenseMap<Value, std::pair<int, int>> nodes; // before and behind each value of an iteration
  SmallVector<Value> waiting;
  auto behind = [&](Value value) {
    auto [place, isNew] = nodes.try_emplace(value);
    if (isNew) {
      place->second = {graph.addNode(), graph.addNode()};
      const int64_t bytes = sizeOf(value) * int64_t(elementBytes(typeOf(value).getElementType()));
      graph.addEdge(place->second.first, place->second.second, std::max<int64_t>(1, bytes));
      waiting.push_back(value);
    }
    return nodes.lookup(value).second;
  };
  auto isOwn = [&](Value value) { return !linear.contains(value) && !invariant.contains(value); };
  auto use = [&](Value value) {
    if (isOwn(value))
      graph.addEdge(behind(value), MinCut::sink, MinCut::unlimited);
  };
  for (Operation &inner : joint.without_terminator())
    if (linear.contains(inner.getResult(0)))
      llvm::for_each(inner.getOperands(), use);
  const unsigned yielded = op.getBody().front().getTerminator()->getNumOperands();
  llvm::for_each(joint.getTerminator()->getOperands().drop_front(yielded), use);
  while (!waiting.empty()) {
    const Value value = waiting.pop_back_val();
    const int before = nodes.lookup(value).first;
    Operation *maker = value.getDefiningOp();
    auto argument = dyn_cast<BlockArgument>(value);
    const bool isCarried =
        argument && argument.getArgNumber() < op.getNumCarried() && op.getCount() != 1;
    if (isCarried || (maker && !mayBeMadeAgain(maker)))
      graph.addEdge(MinCut::source, before, MinCut::unlimited);
    else if (maker)
      for (Value operand : maker->getOperands())
        if (isOwn(operand))
          graph.addEdge(behind(operand), before, MinCut::unlimited);
  }
  const SmallVector<bool> isBehind = graph.sinkSide();
  for (auto [value, place] : nodes)
    if (!isBehind[place.first] && isBehind[place.second])
      cheapest.insert(value);
}

void Kept::need(Value value) {
  SmallVector<Value> waiting{value};
  while (!waiting.empty()) {
    const Value next = waiting.pop_back_val();
    if (!seen.insert(next).second)
      continue;
    Operation *maker = next.getDefiningOp();
    if (cheapest.contains(next)) {
      stored_.insert(next);
    } else if (!maker) {
      needArgument(cast<BlockArgument>(next));
    } else if (mayBeMadeAgain(maker)) {
      copied.insert(maker);
      waiting.append(maker->operand_begin(), maker->operand_end());
    } else if (invariant.contains(next)) {
      outside_.insert(next);
    } else {
      stored_.insert(next);
    }
  }
}

void Kept::needArgument(BlockArgument argument) {
  const unsigned number = argument.getArgNumber(), numCarried = op.getNumCarried();
  if (number >= numArguments || number == numCarried)
    return; // a cotangent, the iteration's number
  if (number < numCarried) {
    // Of one iteration it is the operand.
    op.getCount() == 1 ? void(captures_.insert(number)) : void(stored_.insert(argument));
  } else if (number <= numCarried + op.getNumInputs()) {
    rows_.insert(number - numCarried - 1);
  } else {
    captures_.insert(operandOf(number));
  }
}

/// Of a capture.
unsigned Kept::operandOf(unsigned argument) const {
  return argument < op.getNumCarried() ? argument : argument - 1 + op.getHasSteps();
}

void Kept::needBehind(Value value) {
  auto argument = dyn_cast<BlockArgument>(value);
  const bool isCarried = argument && argument.getArgNumber() < op.getNumCarried();
  if (isCarried && op.getCount() != 1)
    stored_.insert(value);
  else if (!wholeInput(value))
    need(value);
  if (!isStored(value) && !wholeInput(value))
    behind.insert(value);
}

std::optional<unsigned> Kept::wholeInput(Value value) const {
  auto argument = dyn_cast<BlockArgument>(value);
  const unsigned first = op.getNumCarried() + 1;
  if (!argument || argument.getArgNumber() < first ||
      argument.getArgNumber() >= first + op.getNumInputs() || op.getHasSteps() || op.getStops())
    return std::nullopt;
  return argument.getArgNumber() - first;
}

Value Kept::stackOf(Value value, ValueRange first, ValueRange second) const {
  if (const std::optional<unsigned> input = wholeInput(value))
    return op.getInputs()[*input];
  if (const auto *stored = llvm::find(stored_, value); stored != stored_.end())
    return first[stored - stored_.begin()];
  return second[llvm::find(behind, value) - behind.begin()];
}

Value Kept::outside(OpBuilder &builder, Value value, IRMapping &map) const {
  if (Value known = map.lookupOrNull(value))
    return known;
  if (auto argument = dyn_cast<BlockArgument>(value))
    return op.getX()[operandOf(argument.getArgNumber())];
  Operation *maker = value.getDefiningOp();
  for (Value operand : maker->getOperands())
    map.map(operand, outside(builder, operand, map));
  builder.clone(*maker, map);
  return map.lookup(value);
}

SmallVector<Value> Kept::makeOutside(OpBuilder &builder) const {
  IRMapping map;
  return llvm::map_to_vector(outside_, [&](Value value) { return outside(builder, value, map); });
}

Value Kept::asStored(OpBuilder &builder, Value value) {
  const Val x(builder, value.getLoc(), value);
  return x.rank() < max_rank ? value : reshape(x, x.type().getNumElements());
}

void Kept::mapTo(OpBuilder &builder, ArrayRef<Value> rows, ArrayRef<Value> captures,
                 IRMapping &map) const {
  auto take = [&](ArrayRef<Value> &from) {
    const Value first = from.front();
    from = from.drop_front();
    return first;
  };
  for (Value value : stored_) {
    const Val x(builder, value.getLoc(), take(rows));
    map.map(value, reshape(x, cast<RankedTensorType>(value.getType()).getShape()).value);
  }
  for (unsigned row : rows_)
    map.map(joint.getArgument(op.getNumCarried() + 1 + row), take(rows));
  for (unsigned operand : captures_) {
    const bool isCarried = operand < op.getNumCarried();
    map.map(joint.getArgument(isCarried ? operand : operand + 1 - op.getHasSteps()),
            take(captures));
  }
  for (Value value : outside_)
    map.map(value, take(captures));
}

} // namespace kerf::compiler
