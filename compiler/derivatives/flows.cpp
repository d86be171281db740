#include "compiler/derivatives/flows.h"

#include "compiler/ops/stop_gradient.h"

#include "mlir/IR/TypeUtilities.h"

using namespace mlir;

namespace kerf::compiler {

bool isFloat(Value value) { return isa<FloatType>(getElementTypeOrSelf(value.getType())); }

SmallVector<Type> floatsOf(TypeRange types) {
  SmallVector<Type> floats;
  llvm::copy_if(types, std::back_inserter(floats),
                [](Type type) { return isa<FloatType>(getElementTypeOrSelf(type)); });
  return floats;
}

bool isStop(Operation *op) { return isa<StopGradientOp>(op); }

static void collect(Block &block, SmallVectorImpl<Flow> &flows) {
  for (Operation &op : block.without_terminator()) {
    if (auto regions = dyn_cast<RegionDifferentiable>(op)) {
      SmallVector<Flow> behind;
      regions.forEachFlow([&](Value from, Value to) {
        const bool goesIn = llvm::is_contained(op.getOperands(), from);
        (goesIn ? flows : behind).push_back({from, to, &op, true});
      });
      for (Region &region : op.getRegions())
        for (Block &inner : region) // one, or none
          collect(inner, flows);
      flows.append(behind);
      continue;
    }
    for (Value operand : op.getOperands())
      for (Value result : op.getResults())
        flows.push_back({operand, result, &op, false});
  }
}

SmallVector<Flow> flowsOf(Block &block) {
  SmallVector<Flow> flows;
  collect(block, flows);
  return flows;
}

static bool isOfFloats(const Flow &flow) {
  return isFloat(flow.from) && isFloat(flow.to) && !isStop(flow.op);
}

DenseSet<Value> floatsFrom(ArrayRef<Flow> flows, ArrayRef<Value> seeds) {
  DenseSet<Value> found(seeds.begin(), seeds.end());
  for (bool isNew = true; isNew;) { // again where a loop carries one back
    isNew = false;
    for (const Flow &flow : flows)
      if (isOfFloats(flow) && found.contains(flow.from))
        isNew |= found.insert(flow.to).second && flow.isBorder;
  }
  return found;
}

DenseSet<Value> floatsTo(ArrayRef<Flow> flows, ArrayRef<Value> ends) {
  DenseSet<Value> found(ends.begin(), ends.end());
  for (bool isNew = true; isNew;) {
    isNew = false;
    for (const Flow &flow : llvm::reverse(flows))
      if (isOfFloats(flow) && found.contains(flow.to))
        isNew |= found.insert(flow.from).second && flow.isBorder;
  }
  return found;
}

SmallVector<bool> areThere(ArrayRef<Value> values) {
  return llvm::map_to_vector(values, [](Value value) { return bool(value); });
}

SmallVector<Value> spread(ArrayRef<bool> isThere, ValueRange values) {
  SmallVector<Value> all;
  for (bool is : isThere) {
    all.push_back(is ? values.front() : Value());
    values = values.drop_front(is);
  }
  return all;
}

} // namespace kerf::compiler
