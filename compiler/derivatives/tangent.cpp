#include "compiler/derivatives/tangent.h"

#include "compiler/derivatives/flows.h"
#include "compiler/derivatives/reverse.h"
#include "compiler/val.h"

using namespace mlir;

namespace kerf::compiler {
namespace {

/// One op with one float result, and the tangents of its operands.
class Tangent {
public:
  Tangent(OpBuilder &builder, Operation *op, ArrayRef<Value> tangents, Operation *by)
      : builder(builder), op(op), tangents(tangents), by(by) {}

  FailureOr<SmallVector<Value>> make() {
    auto differentiable = dyn_cast<Differentiable>(op);
    if (!differentiable)
      return refuseDerivative(op, "not implemented", by);
    if (StringRef gap = differentiable.derivativeGap(); !gap.empty())
      return refuseDerivative(op, gap, by);
    if (SmallVector<Value> better = differentiable.jvp(builder, tangents); !better.empty())
      return better;
    const bool isElementwise = op->hasTrait<Elementwise>();
    if (op->hasTrait<Linear>() && (isWhole() || !isElementwise))
      return SmallVector<Value>(linear()->getResults());
    if (op->hasTrait<LinearInEach>())
      return SmallVector<Value>{linearInEach()};
    if (isElementwise)
      return SmallVector<Value>{elementwise(differentiable)};
    auto vjp = [&](OpBuilder &inside, ValueRange ones) { return differentiable.vjp(inside, ones); };
    return transposed(builder, op, vjp, tangents, by);
  }

private:
  /// Is there a tangent of each float?
  bool isWhole() {
    return llvm::all_of(llvm::zip_equal(op->getOperands(), tangents),
                        [](auto pair) { return !isFloat(std::get<0>(pair)) || std::get<1>(pair); });
  }

  Value sum(Value a, Value b) {
    if (!a || !b)
      return a ? a : b;
    return Val(builder, op->getLoc(), a) + Val(builder, op->getLoc(), b);
  }

  /// f(x + t) = f(x) + f(t)
  Operation *linear() {
    SmallVector<Value> operands;
    for (auto [operand, tangent] : llvm::zip_equal(op->getOperands(), tangents)) {
      const bool isZero = isFloat(operand) && !tangent;
      operands.push_back(isZero             ? splat(builder, op->getLoc(), operand.getType(), 0)
                         : isFloat(operand) ? tangent
                                            : operand);
    }
    Operation *made = builder.clone(*op);
    made->setOperands(operands);
    return made;
  }

  /// f(x + s, y + t) = f(x, y) + f(s, y) + f(x, t) + …
  Value linearInEach() {
    Value total;
    for (auto [i, tangent] : llvm::enumerate(tangents))
      if (tangent) {
        Operation *made = builder.clone(*op);
        made->setOperand(i, tangent);
        total = sum(total, made->getResult(0));
      }
    return total;
  }

  /// J is diagonal for each operand, so that J^T t is J t.
  Value elementwise(Differentiable differentiable) {
    Value total;
    for (auto [i, tangent] : llvm::enumerate(tangents))
      if (tangent)
        total = sum(total, differentiable.vjp(builder, tangent)[i]);
    return total;
  }

  OpBuilder &builder;
  Operation *op;
  ArrayRef<Value> tangents;
  Operation *by;
};

} // namespace

FailureOr<SmallVector<Value>>
transposed(OpBuilder &builder, Operation *op,
           llvm::function_ref<SmallVector<Value>(OpBuilder &, ValueRange)> vjp,
           ArrayRef<Value> tangents, Operation *by) {
  Block block;
  OpBuilder inside(builder.getContext());
  inside.setInsertionPointToEnd(&block);
  SmallVector<Value> ones;
  for (Value result : op->getResults())
    ones.push_back(isFloat(result) ? splat(inside, op->getLoc(), result.getType(), 1) : Value());
  SmallVector<Value> yielded, cotangents, seeds;
  for (auto [flow, tangent] : llvm::zip_equal(vjp(inside, ones), tangents))
    if (flow && tangent) {
      yielded.push_back(flow);
      cotangents.push_back(tangent);
    }
  OperationState yield(op->getLoc(), "kerf.yield", yielded, TypeRange{}, {});
  inside.create(yield);
  llvm::copy_if(ones, std::back_inserter(seeds), [](Value one) { return bool(one); });
  Reverse reverse(builder, block, {}, by);
  if (failed(reverse.run(builder, seeds, cotangents)))
    return failure();
  return llvm::map_to_vector(ones, [&](Value one) { return reverse.cotangentOf(one); });
}

FailureOr<Derivative> tangentsOfResults(OpBuilder &builder, Operation *op, ArrayRef<Value> tangents,
                                        Operation *by) {
  if (auto regions = dyn_cast<RegionDifferentiable>(op))
    return regions.forward(builder, tangents, by);
  SmallVector<Value> values(op->getResults());
  if (llvm::none_of(values, isFloat))
    return Derivative{values, SmallVector<Value>(values.size())};
  FailureOr<SmallVector<Value>> made = Tangent(builder, op, tangents, by).make();
  if (failed(made))
    return failure();
  return Derivative{values, std::move(*made)};
}

} // namespace kerf::compiler
