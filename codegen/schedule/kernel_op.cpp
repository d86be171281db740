#include "codegen/schedule/kernel_op.h"

#include "mlir/Dialect/Bufferization/IR/Bufferization.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"

#include "codegen/kernel_op.dialect.cpp.inc"

using namespace mlir;
using namespace mlir::bufferization;

namespace kerf::codegen {

void KerfScheduleDialect::initialize() {
  addOperations<
#define GET_OP_LIST
#include "codegen/kernel_op.cpp.inc"
      >();
}

LogicalResult KernelOp::verify() {
  for (Type type : getOperandTypes()) // C1
    if (!cast<ShapedType>(type).hasStaticShape())
      return emitOpError() << "the shape of " << type << " is not static";
  unsigned tensors = llvm::count_if(getInits().getTypes(), llvm::IsaPred<RankedTensorType>);
  if (tensors != getNumResults()) // C2
    return emitOpError() << "there are " << getNumResults() << " results but " << tensors
                         << " tensors among the inits";
  if (tensors && getInits().getTypes() != getResultTypes())
    return emitOpError() << "results and inits differ in type";
  return success();
}

LogicalResult TasksOp::verify() {
  auto types = getBody().getArgumentTypes(); // C1
  if (types.size() != 2 || !types[0].isInteger(64) || !isa<LLVM::LLVMPointerType>(types[1]))
    return emitOpError("the body takes a number and a pointer");
  if (getOperation()->getParentOfType<TasksOp>()) // C2
    return emitOpError("tasks stand in tasks");
  return success();
}

void KernelOp::getEffects(SmallVectorImpl<SideEffects::EffectInstance<MemoryEffects::Effect>> &e) {
  for (OpOperand &operand : getOperation()->getOpOperands()) {
    if (!isa<MemRefType>(operand.get().getType()))
      continue;
    if (isDpsInit(&operand))
      e.emplace_back(MemoryEffects::Write::get(), &operand, SideEffects::DefaultResource::get());
    else
      e.emplace_back(MemoryEffects::Read::get(), &operand, SideEffects::DefaultResource::get());
  }
}

bool KernelOp::bufferizesToMemoryRead(OpOperand &operand, const AnalysisState &) {
  return !isDpsInit(&operand);
}

bool KernelOp::bufferizesToMemoryWrite(OpOperand &operand, const AnalysisState &) {
  return isDpsInit(&operand);
}

AliasingValueList KernelOp::getAliasingValues(OpOperand &operand, const AnalysisState &) {
  if (isDpsInit(&operand))
    return {{getTiedOpResult(&operand), BufferRelation::Equivalent}};
  return {};
}

LogicalResult KernelOp::bufferize(RewriterBase &rewriter, const BufferizationOptions &options,
                                  BufferizationState &state) {
  auto buffers = [&](ValueRange values, SmallVector<Value> &out) -> LogicalResult {
    for (Value value : values) {
      if (isa<MemRefType>(value.getType())) {
        out.push_back(value);
        continue;
      }
      FailureOr<Value> buffer = getBuffer(rewriter, value, options, state);
      if (failed(buffer))
        return failure();
      out.push_back(*buffer);
    }
    return success();
  };
  SmallVector<Value> inputs, inits;
  rewriter.setInsertionPoint(*this);
  if (failed(buffers(getInputs(), inputs)) || failed(buffers(getInits(), inits)))
    return failure();
  auto onBuffers = KernelOp::create(rewriter, getLoc(), TypeRange(), getName(), inputs, inits,
                                    getSizes(), getOpAttributes(), getOpRegions().size());
  for (auto [to, from] : llvm::zip_equal(onBuffers.getOpRegions(), getOpRegions()))
    to.takeBody(from);
  replaceOpWithBufferizedValues(rewriter, *this, inits);
  return success();
}

} // namespace kerf::codegen

#define GET_OP_CLASSES
#include "codegen/kernel_op.cpp.inc"
