#include "codegen/schedule/to_kernels.h"
#include "codegen/schedule/kernel_op.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;

namespace kerf::codegen {

static bool hasElements(Value x) { return cast<RankedTensorType>(x.getType()).getNumElements(); }

static Value emptyTensor(OpBuilder &b, Location location, Type type) {
  auto tensor = cast<RankedTensorType>(type);
  return tensor::EmptyOp::create(b, location, tensor.getShape(), tensor.getElementType());
}

static Value zeroTensor(OpBuilder &b, Location location, Type type) {
  Value zero = arith::ConstantOp::create(b, location, b.getZeroAttr(getElementTypeOrSelf(type)));
  return linalg::FillOp::create(b, location, zero, emptyTensor(b, location, type)).getResult(0);
}

/// The op's attributes that the kernel's code depends on.
static DictionaryAttr attributesFor(const Kernel &kernel, Operation *op) {
  SmallVector<NamedAttribute> own(op->getAttrs());
  llvm::erase_if(own, [&](NamedAttribute attribute) {
    return !llvm::is_contained(kernel.attributes, attribute.getName());
  });
  return DictionaryAttr::get(op->getContext(), own);
}

/// The results of `kernel` in tensors of their own, with scratch beside them if it has any.
static SmallVector<Value> call(OpBuilder &b, Operation *op, const Kernel &kernel,
                               const KernelForm &form, const KernelSpec &spec) {
  SmallVector<Value> inits;
  for (Type type : op->getResultTypes())
    inits.push_back(emptyTensor(b, op->getLoc(), type));
  if (int64_t scratch = kernel.scratchFor(form.sizes, spec).shared)
    inits.push_back(emptyTensor(b, op->getLoc(), RankedTensorType::get({scratch}, b.getI8Type())));
  auto result =
      KernelOp::create(b, op->getLoc(), ValueRange(inits).getTypes(), kernel.name, form.inputs,
                       inits, form.sizes, spec.attributes, spec.regions.size());
  for (auto [to, from] : llvm::zip_equal(result.getOpRegions(), spec.regions))
    to.takeBody(from);
  return llvm::to_vector_of<Value>(result.getResults().take_front(op->getNumResults()));
}

/// The values that replace the results of `op`; none if no kernel takes it. No two do.
static SmallVector<Value> convert(OpBuilder &b, Operation *op, const Backend &backend) {
  auto of = [&](Value (*make)(OpBuilder &, Location, Type)) {
    SmallVector<Value> results;
    for (Type type : op->getResultTypes())
      results.push_back(make(b, op->getLoc(), type));
    return results;
  };
  if (llvm::none_of(op->getResults(), hasElements))
    return of(emptyTensor);
  for (const Kernel &kernel : backend.kernels()) {
    if (!kernel.serves(op))
      continue;
    std::optional<Type> element = kernel.elementFor(op->getOperandTypes(), op->getResultTypes());
    if (!element)
      continue;
    std::optional<KernelForm> form = kernel.form(b, op);
    if (!form)
      continue;
    if (form->isZero)
      return of(zeroTensor);
    return call(b, op, kernel, *form,
                {backend.target, *element, attributesFor(kernel, op), op->getRegions()});
  }
  return {};
}

/// A call that was there before: its kernel has to be there, too.
static LogicalResult checkCall(KernelOp call, const Backend &backend) {
  const Kernel *kernel = backend.kernel(call.getName());
  if (!kernel)
    return call.emitError("there is no kernel '") << call.getName() << "'";
  if (!elementOf(*kernel, call))
    return call.emitError("kernel '") << call.getName() << "' is not made for these element types";
  return success();
}

LogicalResult convertToKernels(Operation *root, const Backend &backend) {
  auto checked = root->walk([&](KernelOp call) { return WalkResult(checkCall(call, backend)); });
  if (checked.wasInterrupted())
    return failure();
  SmallVector<Operation *> kept;
  root->walk([&](Operation *op) {
    if (llvm::any_of(backend.kernels(), [&](const Kernel &kernel) { return kernel.serves(op); }))
      kept.push_back(op);
  });
  IRRewriter rewriter(root->getContext());
  for (Operation *op : kept) {
    rewriter.setInsertionPoint(op);
    SmallVector<Value> results = convert(rewriter, op, backend);
    if (results.empty())
      return op->emitOpError("has no kernel for its types and sizes on ") << backend.target.name;
    rewriter.replaceOp(op, results);
  }
  return success();
}

} // namespace kerf::codegen
