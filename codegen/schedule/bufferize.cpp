#include "codegen/schedule/steps.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Bufferization/IR/Bufferization.h"
#include "mlir/Dialect/Bufferization/Transforms/Bufferize.h"
#include "mlir/Dialect/Bufferization/Transforms/OneShotAnalysis.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Interfaces/DestinationStyleOpInterface.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Transforms/Passes.h"

using namespace mlir;

namespace kerf::codegen {

// Before: one tensor per use, so that no two results are forced into one buffer

/// Is the old content of this operand overwritten, in whole or in part?
static bool isDestination(OpOperand &use) {
  if (auto op = dyn_cast<DestinationStyleOpInterface>(use.getOwner()))
    return op.isDpsInit(&use);
  return isa<scf::ForOp>(use.getOwner()); // the first value of what it carries
}

/// A fill of an empty tensor in place of a splat: a constant would be bytes in the object.
static Value materialize(OpBuilder &b, Location location, SplatElementsAttr splat) {
  auto type = cast<RankedTensorType>(splat.getType());
  auto scalar = arith::ConstantOp::create(b, location, splat.getSplatValue<TypedAttr>());
  Value empty = tensor::EmptyOp::create(b, location, type.getShape(), type.getElementType());
  return linalg::FillOp::create(b, location, scalar.getResult(), empty).getResult(0);
}

/// Where a tensor for this use is made: right before it, or before all loops if it stays as it is.
static Operation *placeFor(OpOperand &use) {
  Operation *place = use.getOwner();
  if (!isDestination(use))
    while (auto loop = place->getParentOfType<scf::ForOp>())
      place = loop;
  return place;
}

/// Is this the only use, and not one of every iteration of a loop?
static bool isUsedOnce(Operation *op, OpOperand &use) {
  return op->hasOneUse() && use.getOwner()->getBlock() == op->getBlock();
}

static void splitSharedTensors(func::FuncOp function) {
  SmallVector<Operation *> ops;
  function.walk([&](Operation *op) { ops.push_back(op); });
  for (Operation *op : ops) {
    auto constant = dyn_cast<arith::ConstantOp>(op);
    auto splat = constant ? dyn_cast<SplatElementsAttr>(constant.getValue()) : SplatElementsAttr();
    bool isFill = isa<linalg::FillOp>(op);
    if (!splat && !isFill && !isa<tensor::EmptyOp>(op))
      continue;
    for (OpOperand &use : llvm::make_early_inc_range(op->getUses())) {
      if (!splat && (isUsedOnce(op, use) || !isDestination(use)))
        continue;
      OpBuilder b(placeFor(use));
      if (splat) {
        use.set(materialize(b, op->getLoc(), splat));
      } else if (isFill) {
        auto fill = cast<linalg::FillOp>(op);
        auto type = cast<RankedTensorType>(fill.getResult(0).getType());
        Value empty =
            tensor::EmptyOp::create(b, op->getLoc(), type.getShape(), type.getElementType());
        use.set(linalg::FillOp::create(b, op->getLoc(), fill.getInputs()[0], empty).getResult(0));
      } else {
        use.set(b.clone(*op)->getResult(0));
      }
    }
    if (op->use_empty())
      op->erase();
  }
}

/// tensor.empty of every value that is made in its place.
static DenseMap<Value, tensor::EmptyOp> placesIn(Block &block) {
  DenseMap<Value, tensor::EmptyOp> places;
  for (Operation &op : block) {
    if (auto empty = dyn_cast<tensor::EmptyOp>(op))
      places[empty] = empty;
    if (auto destinations = dyn_cast<DestinationStyleOpInterface>(op))
      for (OpResult result : op.getResults())
        if (tensor::EmptyOp empty = places.lookup(destinations.getTiedOpOperand(result)->get()))
          places[result] = empty;
  }
  return places;
}

/// outs(empty) -> %part; insert_slice %part into %whole[..]  =>  outs(extract_slice %whole[..])
static void makePartsInPlace(scf::ForOp loop) {
  Block &block = *loop.getBody();
  DenseMap<Value, tensor::EmptyOp> places = placesIn(block);
  DenseMap<Operation *, int64_t> order;
  for (Operation &op : block)
    order[&op] = order.size();
  auto isThereBefore = [&](Value value, Operation *op) {
    Operation *maker = value.getDefiningOp();
    return !maker || maker->getBlock() != &block || order[maker] < order[op];
  };
  for (auto insert : llvm::make_early_inc_range(block.getOps<tensor::InsertSliceOp>())) {
    tensor::EmptyOp empty = places.lookup(insert.getSource());
    if (!empty || !empty->hasOneUse() || !order.contains(*empty->user_begin()) ||
        insert.getSourceType() != empty.getType() ||
        !llvm::all_of(insert->getOperands().drop_front(),
                      [&](Value needed) { return isThereBefore(needed, *empty->user_begin()); }))
      continue;
    OpBuilder b(*empty->user_begin());
    empty.getResult().replaceAllUsesWith(tensor::ExtractSliceOp::create(
        b, insert.getLoc(), insert.getSourceType(), insert.getDest(), insert.getMixedOffsets(),
        insert.getMixedSizes(), insert.getMixedStrides()));
  }
}

static LogicalResult toBuffers(ModuleOp module) {
  bufferization::OneShotBufferizationOptions options;
  options.bufferizeFunctionBoundaries = true;
  options.setFunctionBoundaryTypeConversion(bufferization::LayoutMapOption::IdentityLayoutMap);
  options.unknownTypeConverterFn = [](TensorType type, Attribute memorySpace,
                                      const bufferization::BufferizationOptions &) {
    return bufferization::getMemRefTypeWithStaticIdentityLayout(type, memorySpace);
  };
  bufferization::BufferizationState state;
  for (auto function : module.getOps<func::FuncOp>()) // a whole module would be in any order
    if (failed(bufferization::bufferizeOp(function, options, state)))
      return failure();
  PassManager pm(module.getContext());
  pm.addPass(createCanonicalizerPass());
  pm.addPass(createCSEPass()); // one name for one view: a copy onto itself shows
  return pm.run(module);
}

// After: results go to their destinations

namespace {
struct Result {
  Value value;
  Value destination; ///< an argument
  bool isLeaf;       ///< it updates the leaf whose old value is `destination`
};
} // namespace

static memref::AllocOp allocate(OpBuilder &b, Location location, MemRefType type) {
  return memref::AllocOp::create(b, location,
                                 MemRefType::get(type.getShape(), type.getElementType()));
}

/// Copies every result. Old values are read first of all: into plain results, whose destinations
/// nobody reads, or into a buffer if they become the new value of another leaf. All that was
/// computed follows at the end.
static void copyResults(Operation *end, ArrayRef<Result> results) {
  OpBuilder first = OpBuilder::atBlockBegin(end->getBlock()), last(end);
  Location location = end->getLoc();
  for (const Result &result : results) {
    Value from = result.value;
    bool isOldValue = isa<BlockArgument>(rootOf(from));
    if (result.isLeaf && from == result.destination)
      continue;
    if (!isOldValue) {
      memref::CopyOp::create(last, location, from, result.destination);
      continue;
    }
    if (Operation *view = from.getDefiningOp())
      first.setInsertionPointAfter(view);
    else
      first.setInsertionPointToStart(end->getBlock());
    Value to = result.destination;
    if (result.isLeaf)
      to = allocate(first, location, cast<MemRefType>(from.getType()));
    memref::CopyOp::create(first, location, from, to);
    if (result.isLeaf)
      memref::CopyOp::create(last, location, to, result.destination);
  }
}

/// (arguments) -> results  =>  (arguments, plain results) with copies at the end.
static LogicalResult takeEntryForm(func::FuncOp function, const Entry &entry) {
  Operation *end = function.getBody().front().getTerminator();
  std::vector<int> oldValues = entry.oldValues();
  unsigned inputs = function.getNumArguments();
  SmallVector<Type> types; // of plain results
  for (auto [value, leaf] : llvm::zip_equal(end->getOperands(), oldValues))
    if (auto type = cast<MemRefType>(value.getType()); leaf < 0)
      types.push_back(MemRefType::get(type.getShape(), type.getElementType()));
  if (failed(function.insertArguments(SmallVector<unsigned>(types.size(), inputs), types,
                                      SmallVector<DictionaryAttr>(types.size()),
                                      SmallVector<Location>(types.size(), function.getLoc()))))
    return failure();
  SmallVector<Result> results;
  for (auto [value, leaf] : llvm::zip_equal(end->getOperands(), oldValues))
    results.push_back({value, function.getArgument(leaf < 0 ? inputs++ : leaf), leaf >= 0});
  copyResults(end, results);
  OpBuilder b(end);
  func::ReturnOp::create(b, end->getLoc());
  end->erase();
  function.setType(b.getFunctionType(function.getArgumentTypes(), {}));
  function.removeResAttrsAttr();
  return success();
}

LogicalResult bufferize(ModuleOp module, const Interface &interface) {
  for (auto function : module.getOps<func::FuncOp>()) {
    splitSharedTensors(function);
    function.walk([](scf::ForOp loop) { makePartsInPlace(loop); });
    if (failed(copyOverwritten(function))) // what takes over from a tensor may lie in its place
      return failure();
  }
  if (failed(toBuffers(module)))
    return failure();
  for (auto [function, entry] : llvm::zip_equal(module.getOps<func::FuncOp>(), interface.entries))
    if (failed(updateCarried(function)) || failed(takeEntryForm(function, entry)))
      return failure();
  return success();
}

} // namespace kerf::codegen
