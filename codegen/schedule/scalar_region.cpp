#include "codegen/schedule/scalar_region.h"
#include "codegen/schedule/kernel_op.h"

#include "compiler/dialect.h"
#include "compiler/ops/floor_divide.h"
#include "compiler/ops/remainder.h"
#include "compiler/ops/yield.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/IRMapping.h"
#include "mlir/IR/Matchers.h"

using namespace mlir;
using namespace kerf::compiler;

namespace kerf::codegen {

/// Is it floor_divide or remainder of integers, by a constant above 0?
static bool dividesByPositive(Operation &op) {
  APInt divisor;
  return isa<FloorDivideOp, RemainderOp>(op) && getElementTypeOrSelf(op.getResult(0)).isInteger() &&
         matchPattern(op.getOperand(1), m_ConstantInt(&divisor)) && divisor.isStrictlyPositive();
}

namespace {
class ScalarRegion {
public:
  explicit ScalarRegion(Block &block) : block(block), b(block.front().getLoc(), &block.front()) {}

  LogicalResult make() {
    lowerAll();
    const unsigned numArguments = block.getNumArguments();
    for (unsigned i = 0; i < numArguments; ++i) {
      BlockArgument old = block.getArgument(i);
      scalars.map(old, block.addArgument(getElementTypeOrSelf(old), old.getLoc()));
    }
    SmallVector<Operation *> ops = llvm::to_vector(llvm::make_pointer_range(block));
    b.setInsertionPointToEnd(&block);
    for (Operation *op : ops)
      if (failed(convert(*op)))
        return failure();
    for (Operation *op : llvm::reverse(ops))
      op->erase();
    block.eraseArguments(0, numArguments);
    return success();
  }

private:
  /// Kerf ops => loops without axes.
  void lowerAll() {
    for (Operation &op : llvm::make_early_inc_range(block))
      if (auto lowerable = dyn_cast<Lowerable>(op); lowerable && !dividesByPositive(op)) {
        OpBuilder before(&op);
        op.replaceAllUsesWith(lowerable.lower(before));
        op.erase();
      }
  }

  Value scalar(Value x) { return scalars.lookupOrDefault(x); }

  LogicalResult convert(Operation &op) {
    b.setLoc(op.getLoc());
    DenseElementsAttr numbers;
    if (isa<tensor::EmptyOp>(op))
      return success();
    if (matchPattern(&op, m_Constant(&numbers)) && numbers.isSplat())
      scalars.map(op.getResult(0),
                  arith::ConstantOp::create(b, numbers.getSplatValue<TypedAttr>()));
    else if (auto loop = dyn_cast<linalg::GenericOp>(op); loop && loop.getNumLoops() == 0)
      inlineBody(loop);
    else if (auto fill = dyn_cast<linalg::FillOp>(op))
      scalars.map(fill.getResult(0), scalar(fill.getInputs()[0]));
    else if (dividesByPositive(op))
      divide(op);
    else if (isa<kerf::compiler::YieldOp>(op))
      yield(op);
    else
      return op.emitError("'") << op.getName() << "' is no scalar code of a kernel's region";
    return success();
  }

  void inlineBody(linalg::GenericOp loop) {
    for (auto [argument, input] : llvm::zip_equal(
             loop.getBody()->getArguments().take_front(loop.getNumDpsInputs()), loop.getInputs()))
      scalars.map(argument, scalar(input));
    for (Operation &inner : loop.getBody()->without_terminator())
      b.insert(inner.clone(scalars));
    for (auto [result, value] :
         llvm::zip_equal(loop.getResults(), loop.getBody()->getTerminator()->getOperands()))
      scalars.map(result, scalar(value));
  }

  void divide(Operation &op) {
    Value x = scalar(op.getOperand(0)), divisor = scalar(op.getOperand(1));
    Value y = arith::FloorDivSIOp::create(b, x, divisor);
    if (isa<RemainderOp>(op))
      y = arith::SubIOp::create(b, x, arith::MulIOp::create(b, y, divisor));
    scalars.map(op.getResult(0), y);
  }

  void yield(Operation &op) {
    SmallVector<Value> values;
    for (Value value : op.getOperands())
      values.push_back(scalar(value));
    codegen::YieldOp::create(b, values);
  }

  Block &block;
  ImplicitLocOpBuilder b;
  IRMapping scalars; ///< of tensors
};
} // namespace

LogicalResult makeScalar(Region &region) {
  if (region.empty() || llvm::none_of(region.getArgumentTypes(), llvm::IsaPred<RankedTensorType>))
    return success(); // scalar already
  return ScalarRegion(region.front()).make();
}

} // namespace kerf::codegen
