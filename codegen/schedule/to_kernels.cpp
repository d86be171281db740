#include "codegen/schedule/to_kernels.h"
#include "codegen/schedule/kernel_op.h"
#include "codegen/schedule/scalar_region.h"
#include "compiler/narrow.h"

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
static SmallVector<Value> call(OpBuilder &b, Operation *op, TypeRange results, const Kernel &kernel,
                               const KernelForm &form, const KernelSpec &spec) {
  SmallVector<Value> inits;
  for (Type type : results)
    inits.push_back(emptyTensor(b, op->getLoc(), type));
  const Type byte = b.getIntegerType(8, /*isSigned=*/false);
  if (int64_t scratch = kernel.scratchFor(form.sizes, spec).shared)
    inits.push_back(emptyTensor(b, op->getLoc(), RankedTensorType::get({scratch}, byte)));
  auto result =
      KernelOp::create(b, op->getLoc(), ValueRange(inits).getTypes(), kernel.name, form.inputs,
                       inits, form.sizes, spec.attributes, spec.regions.size());
  for (auto [to, from] : llvm::zip_equal(result.getOpRegions(), spec.regions)) {
    to.takeBody(from);
    if (failed(makeScalar(to)))
      return {};
  }
  return llvm::to_vector_of<Value>(result.getResults().take_front(op->getNumResults()));
}

// Narrow operands and results

/// The element-wise conversion of one tensor that `x` is; null if it is none.
template <class Conversion> static linalg::GenericOp conversionOf(Operation *op) {
  auto loop = dyn_cast_or_null<linalg::GenericOp>(op);
  if (!loop || loop.getNumDpsInputs() != 1 || loop->getNumResults() != 1 ||
      loop.getNumParallelLoops() != loop.getNumLoops() ||
      !llvm::all_of(loop.getIndexingMapsArray(), [](AffineMap map) { return map.isIdentity(); }))
    return {};
  auto made = loop.getBody()->getTerminator()->getOperand(0).getDefiningOp<Conversion>();
  return made && made.getIn() == loop.getRegionInputArgs()[0] ? loop : linalg::GenericOp();
}

/// What was widened to `x`, or x.
static Value beforeWidening(Value x) {
  Operation *op = x.getDefiningOp();
  linalg::GenericOp loop = conversionOf<arith::ExtFOp>(op);
  if (!loop)
    loop = conversionOf<arith::ExtSIOp>(op);
  const bool isNarrow =
      loop && compiler::isNarrow(loop.getInputs()[0].getType()) &&
      compiler::wideOf(loop.getInputs()[0].getType()) == typeOf(x).getElementType();
  return isNarrow ? loop.getInputs()[0] : x;
}

/// The op that alone reads `result`, to narrow it; null if there is none.
static linalg::GenericOp narrowing(OpResult result) {
  if (!result.hasOneUse())
    return {};
  linalg::GenericOp loop = conversionOf<arith::TruncFOp>(*result.user_begin());
  return loop && compiler::isNarrow(loop.getResult(0).getType()) ? loop : linalg::GenericOp();
}

namespace {
/// An op's operands as they were before they were widened, and types of its results after they are
/// narrowed, where a kernel takes them so; undone if it does not take the op.
class NarrowView {
public:
  NarrowView(const Kernel &kernel, Operation *op) : op(op), operands(op->getOperands()) {
    for (OpOperand &operand : op->getOpOperands())
      if (kernel.takesNarrow(operand.getOperandNumber()))
        operand.set(beforeWidening(operand.get()));
    for (OpResult result : op->getResults()) {
      linalg::GenericOp loop =
          kernel.takesNarrow(result.getResultNumber(), true) ? narrowing(result) : nullptr;
      narrowings.push_back(loop);
      results.push_back(loop ? loop.getResult(0).getType() : result.getType());
    }
  }
  ~NarrowView() {
    if (!isTaken)
      op->setOperands(operands);
  }
  /// `values` are the op's results, as its users want them.
  void take(RewriterBase &rewriter, MutableArrayRef<Value> values) {
    isTaken = true;
    for (auto [loop, value] : llvm::zip_equal(narrowings, values))
      if (loop)
        rewriter.replaceOp(loop, value), value = {};
  }

  SmallVector<Type> results;

private:
  Operation *op;
  SmallVector<Value> operands;
  SmallVector<linalg::GenericOp> narrowings;
  bool isTaken = false;
};
} // namespace

/// The values that replace the results of `op`; none if no kernel takes it. No two do. Null stands
/// for a result that nobody reads any more.
static SmallVector<Value> convert(RewriterBase &b, Operation *op, const Backend &backend) {
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
    NarrowView view(kernel, op);
    std::optional<Type> element = kernel.elementFor(op->getOperandTypes(), view.results);
    if (!element)
      continue;
    std::optional<KernelForm> form = kernel.form(b, op);
    if (!form)
      continue;
    if (form->isZero)
      return of(zeroTensor);
    SmallVector<Value> values =
        call(b, op, view.results, kernel, *form,
             {backend.target, *element, attributesFor(kernel, op), op->getRegions(),
              heldBy(ValueRange(form->inputs).getTypes(), view.results)});
    view.take(b, values);
    return values;
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
    for (auto [result, value] : llvm::zip_equal(op->getResults(), results))
      if (value)
        rewriter.replaceAllUsesWith(result, value);
    rewriter.eraseOp(op);
  }
  return success();
}

} // namespace kerf::codegen
