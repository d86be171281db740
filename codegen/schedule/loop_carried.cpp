// Loops that carry tensors => loops that update buffers.
#include "codegen/schedule/steps.h"

#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"

using namespace mlir;

namespace kerf::codegen {

/// Every iteration ends with copies of what it yields into the buffers that it found. Bufferization
/// has copied into new buffers what it found in others, so their order does not matter.
static LogicalResult copyYielded(scf::ForOp loop) {
  Operation *yield = loop.getBody()->getTerminator();
  OpBuilder b(yield);
  for (auto [carried, value] : llvm::zip_equal(loop.getRegionIterArgs(), yield->getOperands())) {
    if (!isa<MemRefType>(carried.getType()))
      return loop.emitError("a loop carries tensors, not ") << carried.getType();
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

} // namespace kerf::codegen
