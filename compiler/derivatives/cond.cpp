// The derivatives of a cond: conds, whose branches run the branch again and its derivative.
#include "compiler/ops/cond.h"
#include "compiler/derivatives/flows.h"
#include "compiler/derivatives/forward.h"
#include "compiler/derivatives/reverse.h"
#include "compiler/ops/yield.h"

using namespace mlir;

namespace kerf::compiler {

void CondOp::forEachFlow(llvm::function_ref<void(Value, Value)> edge) {
  for (Region &region : (*this)->getRegions()) {
    for (auto [operand, argument] : llvm::zip_equal(getX(), region.getArguments()))
      edge(operand, argument);
    for (auto [value, result] :
         llvm::zip_equal(region.front().getTerminator()->getOperands(), getResults()))
      edge(value, result);
  }
  for (Value result : getResults())
    edge(getP(), result);
}

namespace {

/// What a branch of a derivative gives; null where zero.
using Branch = SmallVector<Value>;

/// A cond to be made in place of another one, on its operands and more.
class Branches {
public:
  Branches(CondOp op, ArrayRef<Value> more) : op(op), operands(op.getX()) {
    for (Value value : more)
      if (value)
        operands.push_back(value);
  }

  /// `fill(builder, branch of op, its arguments, those for more)` gives what the branch does.
  LogicalResult
  fill(llvm::function_ref<FailureOr<Branch>(OpBuilder &, Block &, ValueRange, ValueRange)> fill) {
    for (Region &branch : op->getRegions()) {
      Block &block = regions[made.size()].emplaceBlock();
      for (Value operand : operands)
        block.addArgument(operand.getType(), operand.getLoc());
      OpBuilder inside(op.getContext());
      inside.setInsertionPointToEnd(&block);
      const ValueRange arguments = block.getArguments();
      FailureOr<Branch> given = fill(inside, branch.front(), arguments.take_front(op.getX().size()),
                                     arguments.drop_front(op.getX().size()));
      if (failed(given))
        return failure();
      made.push_back(std::move(*given));
    }
    return success();
  }

  /// The results, null where both branches have zero.
  Branch create(OpBuilder &builder) {
    Branch results(made[0].size());
    SmallVector<Type> types;
    for (auto [result, a, b] : llvm::zip_equal(results, made[0], made[1]))
      if (a || b)
        types.push_back((a ? a : b).getType());
    for (int branch : {0, 1}) {
      OpBuilder inside(op.getContext());
      inside.setInsertionPointToEnd(&regions[branch].front());
      SmallVector<Value> yielded;
      for (auto [mine, other] : llvm::zip_equal(made[branch], made[1 - branch]))
        if (mine || other)
          yielded.push_back(mine ? mine : splat(inside, op.getLoc(), other.getType(), 0));
      YieldOp::create(inside, op.getLoc(), yielded);
    }
    auto cond = CondOp::create(builder, op.getLoc(), types, op.getP(), operands);
    cond.getThen().takeBody(regions[0]);
    cond.getOtherwise().takeBody(regions[1]);
    unsigned next = 0;
    for (auto [result, a, b] : llvm::zip_equal(results, made[0], made[1]))
      if (a || b)
        result = cond.getResult(next++);
    return results;
  }

private:
  CondOp op;
  SmallVector<Value> operands;
  Region regions[2];
  SmallVector<Branch> made; ///< of each branch
};

} // namespace

FailureOr<Derivative> CondOp::reverse(OpBuilder &builder, ArrayRef<bool> needed,
                                      ValueRange cotangents, Operation *by) {
  const SmallVector<Value> given(cotangents);
  Branches branches(*this, given);
  auto fill = [&](OpBuilder &inside, Block &branch, ValueRange x,
                  ValueRange more) -> FailureOr<Branch> {
    Reverse reverse(inside, branch, x, by);
    SmallVector<Value> seeds;
    for (BlockArgument argument : branch.getArguments())
      if (needed[argument.getArgNumber() + 1])
        seeds.push_back(argument);
    if (failed(reverse.run(inside, seeds, spread(areThere(given), more))))
      return failure();
    return llvm::map_to_vector(branch.getArguments(), [&](BlockArgument argument) {
      return needed[argument.getArgNumber() + 1] ? reverse.cotangentOf(argument) : Value();
    });
  };
  if (failed(branches.fill(fill)))
    return failure();
  Derivative derivative{SmallVector<Value>(getResults()), {Value()}};
  llvm::append_range(derivative.flows, branches.create(builder));
  return derivative;
}

FailureOr<Derivative> CondOp::forward(OpBuilder &builder, ValueRange tangents, Operation *by) {
  const SmallVector<Value> given(tangents.drop_front());
  Branches branches(*this, given);
  auto fill = [&](OpBuilder &inside, Block &branch, ValueRange x,
                  ValueRange more) -> FailureOr<Branch> {
    FailureOr<Derivative> made = forwardMode(inside, branch, x, spread(areThere(given), more), by);
    if (failed(made))
      return failure();
    Branch all = std::move(made->values);
    llvm::append_range(all, made->flows);
    return all;
  };
  if (failed(branches.fill(fill)))
    return failure();
  const Branch all = branches.create(builder);
  return Derivative{SmallVector<Value>(ArrayRef(all).take_front(getNumResults())),
                    SmallVector<Value>(ArrayRef(all).drop_front(getNumResults()))};
}

} // namespace kerf::compiler
