#include "codegen/cpu/sanitize.h"

#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/IR/Module.h"
#include "llvm/Support/ErrorHandling.h"

using namespace llvm;

namespace kerf::codegen::cpu {

namespace {

class Instrumenter {
public:
  explicit Instrumenter(Function &function)
      : function(function), module(*function.getParent()), layout(module.getDataLayout()) {}

  bool run() {
    SmallVector<Instruction *> all;
    for (Instruction &instruction : instructions(function))
      all.push_back(&instruction);
    for (Instruction *instruction : all)
      visit(*instruction);
    return changed;
  }

private:
  void visit(Instruction &instruction) {
    if (auto *load = dyn_cast<LoadInst>(&instruction))
      return whole(instruction, load->getPointerOperand(), load->getType(), false);
    if (auto *store = dyn_cast<StoreInst>(&instruction))
      return whole(instruction, store->getPointerOperand(), store->getValueOperand()->getType(),
                   true);
    auto *call = dyn_cast<IntrinsicInst>(&instruction);
    if (!call || !call->mayReadOrWriteMemory() || call->isAssumeLikeIntrinsic() ||
        isa<MemIntrinsic>(call)) // which ThreadSanitizer takes for the functions of libc
      return;
    switch (call->getIntrinsicID()) {
    case Intrinsic::masked_load:
    case Intrinsic::masked_gather:
      return byLanes(*call, call->getArgOperand(0), call->getArgOperand(1), call->getType(), false);
    case Intrinsic::masked_store:
    case Intrinsic::masked_scatter:
      return byLanes(*call, call->getArgOperand(1), call->getArgOperand(2),
                     call->getArgOperand(0)->getType(), true);
    case Intrinsic::prefetch:
      return;
    default:
      report_fatal_error("ThreadSanitizer cannot be told what " +
                         call->getCalledFunction()->getName() + " accesses");
    }
  }

  void whole(Instruction &access, Value *pointer, Type *type, bool isWrite) {
    const uint64_t bytes = layout.getTypeStoreSize(type);
    IRBuilder<> b(&access);
    if (bytes > 16 || !isPowerOf2_64(bytes))
      say(b, pointer, bytes, isWrite);
  }

  /// `pointers` is one, of the first element, or one for each.
  void byLanes(Instruction &access, Value *pointers, Value *mask, Type *type, bool isWrite) {
    IRBuilder<> b(&access);
    auto *elements = cast<FixedVectorType>(type);
    Type *element = elements->getElementType();
    const uint64_t bytes = layout.getTypeStoreSize(element);
    for (unsigned lane = 0; lane < elements->getNumElements(); ++lane) {
      Value *pointer = pointers->getType()->isVectorTy()
                           ? b.CreateExtractElement(pointers, lane)
                           : b.CreateConstGEP1_64(element, pointers, lane);
      Value *isOn = b.CreateExtractElement(mask, lane);
      say(b, b.CreateSelect(isOn, pointer, nowhere()), bytes, isWrite);
    }
  }

  /// Memory of the function's own, for lanes that are off.
  Value *nowhere() {
    if (!own) {
      IRBuilder<> b(&*function.getEntryBlock().getFirstInsertionPt());
      own = b.CreateAlloca(b.getInt64Ty());
    }
    return own;
  }

  void say(IRBuilder<> &b, Value *pointer, uint64_t bytes, bool isWrite) {
    FunctionCallee said =
        module.getOrInsertFunction(isWrite ? "__tsan_write_range" : "__tsan_read_range",
                                   b.getVoidTy(), b.getPtrTy(), b.getInt64Ty());
    b.CreateCall(said, {pointer, b.getInt64(bytes)});
    changed = true;
  }

  Function &function;
  Module &module;
  const DataLayout &layout;
  Value *own = nullptr;
  bool changed = false;
};

} // namespace

PreservedAnalyses SanitizeWideAccesses::run(Function &function, FunctionAnalysisManager &) {
  const bool changed =
      function.hasFnAttribute(Attribute::SanitizeThread) && Instrumenter(function).run();
  return changed ? PreservedAnalyses::none() : PreservedAnalyses::all();
}

} // namespace kerf::codegen::cpu
