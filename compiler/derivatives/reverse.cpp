#include "compiler/derivatives/reverse.h"

#include "compiler/derivatives/flows.h"

#include "mlir/Dialect/Arith/IR/Arith.h"

using namespace mlir;

namespace kerf::compiler {

LogicalResult refuseDerivative(Operation *op, StringRef why, Operation *by) {
  // The line says which function of the program it is; an op may be another's part.
  InFlightDiagnostic error = op->emitError("what this line computes has no derivative: ") << why;
  const bool isForward = by->getName().stripDialect() == "jvp";
  error.attachNote(by->getLoc()) << "the " << (isForward ? "derivative" : "gradient")
                                 << " taken here needs it; wrap the value in stop_gradient or "
                                    "straight_through";
  return failure();
}

Value splat(OpBuilder &builder, Location location, Type type, double value) {
  auto tensor = cast<RankedTensorType>(type);
  auto attribute = SplatElementsAttr::get(
      tensor, Attribute(builder.getFloatAttr(tensor.getElementType(), value)));
  return arith::ConstantOp::create(builder, location, attribute);
}

Reverse::Reverse(OpBuilder &builder, Block &block, ValueRange arguments, Operation *by)
    : block(block), by(by) {
  copies.map(block.getArguments(), arguments);
  for (Operation &op : block.without_terminator())
    builder.clone(op, copies);
}

LogicalResult Reverse::run(OpBuilder &builder, ArrayRef<Value> seeds, ArrayRef<Value> flows) {
  active = floatsFrom(flowsOf(block), seeds);
  for (auto [yielded, flow] : llvm::zip_equal(block.getTerminator()->getOperands(), flows))
    if (flow)
      add(builder, yielded, flow);
  for (Operation &op : llvm::reverse(block.without_terminator()))
    if (failed(passBy(builder, op)))
      return failure();
  replaceRegions();
  return success();
}

/// operand cotangents += vjp(result cotangents)
LogicalResult Reverse::passBy(OpBuilder &builder, Operation &op) {
  auto isActive = [&](Value value) { return active.contains(value); };
  if (llvm::none_of(op.getOperands(), isActive))
    return success();
  SmallVector<Value> flows;
  for (Value result : op.getResults())
    flows.push_back(cotangents.lookup(result));
  if (llvm::none_of(flows, [](Value flow) { return bool(flow); }))
    return success();
  FailureOr<SmallVector<Value>> ofOperands = cotangentsOfOperands(builder, op, flows);
  if (failed(ofOperands))
    return failure();
  if (ofOperands->size() != op.getNumOperands())
    return op.emitError("vjp gave ")
           << ofOperands->size() << " cotangents for " << op.getNumOperands() << " operands";
  for (auto [operand, flow] : llvm::zip_equal(op.getOperands(), *ofOperands))
    if (flow && flow.getType() != operand.getType())
      return op.emitError("vjp gave a cotangent of type ")
             << flow.getType() << " for an operand of type " << operand.getType();
  for (auto [operand, flow] : llvm::zip_equal(op.getOperands(), *ofOperands))
    if (flow && isActive(operand))
      add(builder, operand, flow);
  return success();
}

FailureOr<SmallVector<Value>> Reverse::cotangentsOfOperands(OpBuilder &builder, Operation &op,
                                                            ArrayRef<Value> flows) {
  Operation *copy = copies.lookup(op.getResult(0)).getDefiningOp();
  if (auto regions = dyn_cast<RegionDifferentiable>(copy)) {
    const auto needed = llvm::map_to_vector(
        op.getOperands(), [&](Value operand) { return active.contains(operand); });
    FailureOr<Derivative> derivative = regions.reverse(builder, needed, flows, by);
    if (failed(derivative))
      return failure();
    replaced.push_back({copy, std::move(derivative->values)});
    return std::move(derivative->flows);
  }
  auto differentiable = dyn_cast<Differentiable>(copy);
  if (!differentiable)
    return refuseDerivative(&op, "not implemented", by);
  if (StringRef gap = differentiable.derivativeGap(); !gap.empty())
    return refuseDerivative(&op, gap, by);
  return differentiable.vjp(builder, flows);
}

void Reverse::add(OpBuilder &builder, Value value, Value flow) {
  Value &total = cotangents[value];
  if (!total) {
    total = flow;
    return;
  }
  OperationState state(flow.getLoc(), "kerf.add", ValueRange{total, flow}, total.getType());
  total = builder.create(state)->getResult(0);
}

/// Only now, because derivatives of what stands before them were made with the old values.
void Reverse::replaceRegions() {
  DenseMap<Value, Value> inPlace;
  for (auto &[op, values] : replaced)
    for (auto [old, value] : llvm::zip_equal(op->getResults(), values))
      if (old != value) {
        inPlace[old] = value;
        old.replaceAllUsesWith(value);
        for (auto &[other, itsValues] : replaced) // where one op gives what it was given
          llvm::replace(itsValues, Value(old), value);
      }
  for (auto &[original, copy] : llvm::make_early_inc_range(copies.getValueMap()))
    if (Value value = inPlace.lookup(copy))
      copies.map(original, value);
  for (auto &[original, cotangent] : cotangents)
    if (Value value = inPlace.lookup(cotangent))
      cotangent = value;
  for (auto &[op, values] : replaced)
    if (op->use_empty() && !llvm::is_contained(values, op->getResult(0)))
      op->erase();
}

} // namespace kerf::compiler
