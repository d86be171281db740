// Inputs that every iteration of a loop reads are made ready once, before the loop.
#include "codegen/backend.h"
#include "codegen/schedule/kernel_op.h"
#include "codegen/schedule/plan.h"
#include "codegen/schedule/steps.h"

#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"
#include "mlir/Transforms/RegionUtils.h"

using namespace mlir;

namespace kerf::codegen {

/// What one input takes at most when it is made ready: it lies in the arena beside the input, for
/// as long as the loop runs. Of larger ones the arena would hold the model once more.
constexpr int64_t mostBytes = 16 << 20;

// ---- what a loop finds as it is ----------------------------------------------------------------

/// Whatever `op` reads, in its regions too.
static llvm::SetVector<Value> readBy(Operation *op) {
  llvm::SetVector<Value> values(op->operand_begin(), op->operand_end());
  getUsedValuesDefinedAbove(op->getRegions(), values);
  return values;
}

namespace {
/// Values that are there before a loop, or can be: computed in there of what is.
class Invariants {
public:
  explicit Invariants(scf::ForOp loop) : loop(loop) {}
  bool contain(Value value) {
    if (loop.isDefinedOutsideOfLoop(value))
      return true;
    Operation *maker = value.getDefiningOp();
    if (!maker || !isPure(maker) || isa<LoopLikeOpInterface>(maker))
      return false;
    if (makers.try_emplace(maker, false).second)
      makers[maker] = llvm::all_of(readBy(maker), [&](Value read) { return contain(read); });
    return makers.lookup(maker);
  }

private:
  scf::ForOp loop;
  DenseMap<Operation *, bool> makers;
};
} // namespace

/// The outermost loop of many iterations in which `value` stays as it is; null if there is none. A
/// branch is a loop of one iteration.
static scf::ForOp outermostLoop(Operation *op, Value value) {
  scf::ForOp outermost;
  for (auto loop = op->getParentOfType<scf::ForOp>(); loop && Invariants(loop).contain(value);
       loop = loop->getParentOfType<scf::ForOp>())
    if (mostIterations(loop) > 1)
      outermost = loop;
  return outermost;
}

static void moveBefore(scf::ForOp loop, Value value) {
  if (loop.isDefinedOutsideOfLoop(value))
    return;
  Operation *maker = value.getDefiningOp();
  for (Value read : readBy(maker))
    moveBefore(loop, read);
  maker->moveBefore(loop);
}

// ---- calls -------------------------------------------------------------------------------------

namespace {

/// Goes through a function's calls in their order.
class Preparation {
public:
  Preparation(func::FuncOp function, const Backend &backend, SizeChoices &choices)
      : function(function), backend(backend), choices(choices) {}

  void run() {
    SmallVector<KernelOp> calls;
    function.walk([&](KernelOp call) { calls.push_back(call); });
    for (KernelOp call : calls)
      visit(call);
  }

private:
  void visit(KernelOp call) {
    const Kernel &kernel = *backend.kernel(call.getName());
    if (!kernel.prepare)
      return;
    const KernelSpec spec = specOf(kernel, call, backend.target);
    std::optional<Prepared> prepared = kernel.prepare(call.getSizes(), spec);
    if (!prepared)
      return;
    Value input = call.getInputs()[prepared->input];
    scf::ForOp loop = outermostLoop(call, input);
    auto type = RankedTensorType::get({prepared->elements}, spec.element);
    if (loop && decide(type)) {
      moveBefore(loop, input);
      replace(call, *prepared, made(loop, call, input, *prepared, type));
    }
  }

  bool decide(RankedTensorType type) {
    const int64_t bytes = type.getNumElements() * (type.getElementTypeBitWidth() / 8);
    return choices.next(function.getName(), [&] { return bytes <= mostBytes; });
  }

  /// What `prepared.maker` makes of the input before `loop`; calls in many loops share it.
  Value made(scf::ForOp loop, KernelOp call, Value input, const Prepared &prepared,
             RankedTensorType type) {
    auto &known = makers[{input, prepared.maker.kernel}];
    for (KernelOp maker : known)
      if (maker.getSizes() == ArrayRef(prepared.maker.sizes) &&
          maker->getBlock()->findAncestorOpInBlock(*loop))
        return maker.getResults()[0];
    OpBuilder b(loop);
    Value place = tensor::EmptyOp::create(b, call.getLoc(), type.getShape(), type.getElementType());
    known.push_back(newCall(b, call, prepared.maker, input, place));
    return known.back().getResults()[0];
  }

  void replace(KernelOp call, const Prepared &prepared, Value made) {
    SmallVector<Value> inputs(call.getInputs());
    inputs[prepared.input] = made;
    OpBuilder b(call);
    call.replaceAllUsesWith(newCall(b, call, prepared.reader, inputs, call.getInits()));
    call.erase();
  }

  static KernelOp newCall(OpBuilder &b, KernelOp of, const Prepared::Call &call, ValueRange inputs,
                          ValueRange inits) {
    return KernelOp::create(b, of.getLoc(), inits.getTypes(), call.kernel, inputs, inits,
                            call.sizes, b.getDictionaryAttr({}), /*regions=*/0);
  }

  func::FuncOp function;
  const Backend &backend;
  SizeChoices &choices;
  DenseMap<std::pair<Value, StringRef>, SmallVector<KernelOp>> makers;
};

} // namespace

void prepareInputs(func::FuncOp function, const Backend &backend, SizeChoices &choices) {
  Preparation(function, backend, choices).run();
}

} // namespace kerf::codegen
