// Derivatives of scans: making them, what flows in them, and which form takes the derivative.
#include "compiler/derivatives/scan.h"

#include "compiler/derivatives/flows.h"
#include "compiler/derivatives/forward.h"
#include "compiler/derivatives/reverse.h"
#include "compiler/ops/yield.h"

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

// ---- derivatives -----------------------------------------------------------------------------

/// Runs a block that does the same as an op where the op is, and its derivative at the builder.
static FailureOr<Derivative> reverseOfSame(Operation *op, Block &same, OpBuilder &builder,
                                           ArrayRef<bool> needed, ValueRange cotangents,
                                           Operation *by) {
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

FailureOr<Derivative> ScanOp::forward(OpBuilder &builder, ValueRange tangents, Operation *by) {
  if (getAxis() == 0)
    return forwardOfScan(*this, builder, tangents, by);
  Block same;
  alongFirstAxis(*this, same);
  return forwardMode(builder, same, getX(), SmallVector<Value>(tangents), by);
}

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

} // namespace kerf::compiler
