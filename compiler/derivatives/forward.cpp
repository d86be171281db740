#include "compiler/derivatives/forward.h"

#include "compiler/derivatives/flows.h"
#include "compiler/derivatives/tangent.h"

#include "mlir/IR/IRMapping.h"
#include "llvm/ADT/DenseMap.h"

using namespace mlir;

namespace kerf::compiler {

FailureOr<Derivative> forwardMode(OpBuilder &builder, Block &block, ValueRange arguments,
                                  ArrayRef<Value> tangents, Operation *by) {
  IRMapping copies;
  SmallVector<Value> ends(block.getTerminator()->getOperands());
  llvm::erase_if(ends, [](Value value) { return !isFloat(value); });
  const DenseSet<Value> wanted = floatsTo(flowsOf(block), ends);
  DenseMap<Value, Value> tangentOf; // of a value of the block
  for (auto [argument, value, tangent] :
       llvm::zip_equal(block.getArguments(), arguments, tangents)) {
    copies.map(argument, value);
    if (tangent && wanted.contains(argument))
      tangentOf[argument] = tangent;
  }
  for (Operation &op : block.without_terminator()) {
    Operation *copy = builder.clone(op, copies);
    const auto ofOperands =
        llvm::map_to_vector(op.getOperands(), [&](Value x) { return tangentOf.lookup(x); });
    const bool isWanted =
        llvm::any_of(op.getResults(), [&](Value x) { return wanted.contains(x); });
    if (!isWanted || isStop(&op) || llvm::none_of(ofOperands, [](Value x) { return bool(x); }))
      continue;
    FailureOr<Derivative> derivative = tangentsOfResults(builder, copy, ofOperands, by);
    if (failed(derivative))
      return failure();
    for (auto [result, value, tangent] :
         llvm::zip_equal(op.getResults(), derivative->values, derivative->flows)) {
      copies.map(result, value);
      if (tangent)
        tangentOf[result] = tangent;
    }
    if (derivative->values != SmallVector<Value>(copy->getResults()))
      copy->erase();
  }
  Derivative yielded;
  for (Value value : block.getTerminator()->getOperands()) {
    yielded.values.push_back(copies.lookupOrDefault(value));
    yielded.flows.push_back(tangentOf.lookup(value));
  }
  return yielded;
}

} // namespace kerf::compiler
