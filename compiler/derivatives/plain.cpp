#include "compiler/derivatives/plain.h"
#include "compiler/derivatives/forward.h"
#include "compiler/derivatives/reverse.h"
#include "compiler/ops/yield.h"

using namespace mlir;

namespace kerf::compiler {

/// Fills a block, whose arguments are the op's operands, with the plain ops.
static void decomposeInto(Decomposable op, Block &block) {
  OpBuilder inside(op.getContext());
  inside.setInsertionPointToEnd(&block);
  for (Value operand : op->getOperands())
    block.addArgument(operand.getType(), operand.getLoc());
  Operation *copy = inside.clone(*op);
  copy->setOperands(block.getArguments());
  const SmallVector<Value> values = cast<Decomposable>(copy).decompose(inside);
  copy->erase();
  YieldOp::create(inside, op->getLoc(), values);
}

FailureOr<Derivative> reverseOfPlain(Decomposable op, OpBuilder &builder, ArrayRef<bool> needed,
                                     ValueRange cotangents, Operation *by) {
  Block block;
  decomposeInto(op, block);
  OpBuilder here(op);
  Reverse reverse(here, block, op->getOperands(), by);
  SmallVector<Value> seeds;
  for (auto [argument, isNeeded] : llvm::zip_equal(block.getArguments(), needed))
    if (isNeeded)
      seeds.push_back(argument);
  if (failed(reverse.run(builder, seeds, SmallVector<Value>(cotangents))))
    return failure();
  Derivative derivative;
  for (Value value : block.getTerminator()->getOperands())
    derivative.values.push_back(reverse.copyOf(value));
  for (auto [argument, isNeeded] : llvm::zip_equal(block.getArguments(), needed))
    derivative.flows.push_back(isNeeded ? reverse.cotangentOf(argument) : Value());
  return derivative;
}

FailureOr<Derivative> forwardOfPlain(Decomposable op, OpBuilder &builder, ValueRange tangents,
                                     Operation *by) {
  Block block;
  decomposeInto(op, block);
  return forwardMode(builder, block, op->getOperands(), SmallVector<Value>(tangents), by);
}

} // namespace kerf::compiler
