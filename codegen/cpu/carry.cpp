// Loops that carry tensors => loops that update buffers.
#include "cpu/steps.h"

#include "mlir/Dialect/Bufferization/IR/Bufferization.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Interfaces/DestinationStyleOpInterface.h"

using namespace mlir;

namespace kerf::cpu {

// Before bufferization

/// The tensor whose buffer becomes that of `value`; null if it is a new one.
static Value sourceOf(Value value) {
  auto result = dyn_cast<OpResult>(value);
  if (!result)
    return {};
  Operation *op = result.getOwner();
  if (auto destinations = dyn_cast<DestinationStyleOpInterface>(op))
    return destinations.getTiedOpOperand(result)->get();
  if (auto loop = dyn_cast<scf::ForOp>(op))
    return loop.getTiedLoopInit(result)->get();
  if (isa<tensor::CollapseShapeOp, tensor::ExpandShapeOp>(op))
    return op->getOperand(0);
  return {};
}

static bool isPartOfAnother(Value value) {
  for (; value; value = sourceOf(value))
    if (value.getDefiningOp<tensor::ExtractSliceOp>())
      return true;
  return false;
}

/// Bufferization compares all accesses to one buffer with each other. In a chain of loops that hand
/// a tensor on, every so many begin with a copy: one in a chain without end would cost n^3.
constexpr int64_t longestChain = 8;

/// How many loops in a row have had the buffer of `value`.
static int64_t chainLength(Value value) {
  int64_t length = 0;
  for (; value; value = sourceOf(value))
    length += bool(value.getDefiningOp<scf::ForOp>());
  return length;
}

/// The loop carries a buffer of its own in place of what `operand` is.
static void copyFor(OpOperand &operand) {
  Operation *user = operand.getOwner();
  OpBuilder b(user);
  operand.set(bufferization::AllocTensorOp::create(b, user->getLoc(),
                                                   cast<RankedTensorType>(operand.get().getType()),
                                                   ValueRange(), operand.get()));
}

void copyCarried(func::FuncOp function) {
  function.walk([](scf::ForOp loop) { // in the order of the text: chains before it end somewhere
    for (OpOperand &init : loop.getInitArgsMutable())
      if (isa<RankedTensorType>(init.get().getType()) &&
          (isPartOfAnother(init.get()) || chainLength(init.get()) >= longestChain))
        copyFor(init);
    for (OpOperand &yielded : loop.getBody()->getTerminator()->getOpOperands())
      if (isPartOfAnother(yielded.get())) // its strides would be those of what is carried
        copyFor(yielded);
  });
}

// After it

/// Every iteration ends with copies of what it yields into the buffers that it found. Bufferization
/// has copied into new buffers what it found in others, so their order does not matter.
static LogicalResult copyYielded(scf::ForOp loop) {
  Operation *yield = loop.getBody()->getTerminator();
  OpBuilder b(yield);
  for (auto [carried, value] : llvm::zip_equal(loop.getRegionIterArgs(), yield->getOperands())) {
    if (!isa<MemRefType>(carried.getType()))
      return loop.emitError("the CPU carries tensors through a loop, not ") << carried.getType();
    if (value == carried)
      continue;
    assert(!llvm::is_contained(loop.getRegionIterArgs(), rootOf(value)));
    memref::CopyOp::create(b, loop.getLoc(), value, carried);
  }
  return success();
}

/// The loop over buffers that are there before it and after it.
static void dropCarried(scf::ForOp loop) {
  for (auto [carried, result, init] :
       llvm::zip_equal(loop.getRegionIterArgs(), loop.getResults(), loop.getInitArgs())) {
    carried.replaceAllUsesWith(init);
    result.replaceAllUsesWith(init);
  }
  OpBuilder b(loop);
  auto plain = scf::ForOp::create(b, loop.getLoc(), loop.getLowerBound(), loop.getUpperBound(),
                                  loop.getStep());
  loop.getInductionVar().replaceAllUsesWith(plain.getInductionVar());
  loop.getBody()->getTerminator()->erase();
  Block &body = *plain.getBody();
  body.getOperations().splice(body.begin(), loop.getBody()->getOperations());
  loop.erase();
}

LogicalResult updateCarried(func::FuncOp function) {
  SmallVector<scf::ForOp> loops;
  function.walk([&](scf::ForOp loop) { loops.push_back(loop); }); // inner ones first
  for (scf::ForOp loop : loops) {
    if (failed(copyYielded(loop)))
      return failure();
    if (loop.getNumResults())
      dropCarried(loop);
  }
  return success();
}

} // namespace kerf::cpu
