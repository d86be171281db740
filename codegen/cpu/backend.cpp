// CPUs: kernels and loop nests as code on vectors of their registers' width.
#include "codegen/backend.h"
#include "codegen/cpu/isa_x86.h"
#include "codegen/cpu/math.h"
#include "codegen/cpu/sanitize.h"
#include "codegen/cpu/vector_nest.h"

#include "mlir/Conversion/Passes.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "llvm/MC/TargetRegistry.h"
#include "llvm/Support/TargetSelect.h"

using namespace mlir;

namespace kerf::codegen::cpu {

#include "codegen/cpu/kernels.inc"

static std::vector<Kernel> makeKernels() {
  std::vector<Kernel> all;
  for (auto [make, name] : kernelFiles) {
    all.push_back(make());
    all.back().name = name;
  }
  return all;
}

static constexpr StringLiteral triple = "x86_64-unknown-linux-gnu";

namespace {
class CpuBackend : public Backend {
public:
  CpuBackend(const Isa &isa, const Sharing &sharing) : Backend({isa.name, sharing}), isa(isa) {}

  ArrayRef<Kernel> kernels() const override {
    static const std::vector<Kernel> all = makeKernels();
    return all;
  }

  int64_t elementsAtOnce() const override { return isas().back().lanes; }

  FailureOr<SmallVector<unsigned>> generateNest(ModuleOp module, StringRef symbol,
                                                const Nest &nest) const override {
    return cpu::generateNest(module, symbol, nest);
  }

  void registerDialects(DialectRegistry &registry) const override {
    registry.insert<math::MathDialect, vector::VectorDialect>();
  }
  void populateExpansion(RewritePatternSet &patterns) const override {
    populateMathExpansion(patterns);
  }
  void addLowering(OpPassManager &pm) const override {
    pm.addPass(createConvertVectorToLLVMPass());
    pm.addPass(createConvertMathToLLVMPass()); // instructions alone: all else has been expanded
  }

  std::unique_ptr<llvm::TargetMachine> machine(std::string &error) const override {
    LLVMInitializeX86TargetInfo();
    LLVMInitializeX86Target();
    LLVMInitializeX86TargetMC();
    LLVMInitializeX86AsmPrinter();
    const llvm::Triple parsed(triple);
    const llvm::Target *found = llvm::TargetRegistry::lookupTarget(parsed, error);
    if (!found)
      return nullptr;
    llvm::TargetOptions options;
    // An FMA where one is written and nowhere else: vector.fma arrives as llvm.fmuladd, which
    // Strict would split.
    options.AllowFPOpFusion = llvm::FPOpFusion::Standard;
    return std::unique_ptr<llvm::TargetMachine>(found->createTargetMachine(
        parsed, target.name, isa.instructions, options, llvm::Reloc::PIC_, std::nullopt,
        llvm::CodeGenOptLevel::Default));
  }
  void describe(llvm::Function &function) const override {
    const Isa &own = function.hasFnAttribute(emit::halfRegisters) ? isas().back() : isa;
    function.addFnAttr("target-cpu", own.name);
    function.addFnAttr("target-features", own.instructions);
    function.addFnAttr("prefer-vector-width", std::to_string(32 * own.lanes));
  }
  /// Loops are written in vectors already, so LLVM's vectorisers would only add code.
  llvm::PipelineTuningOptions tuning() const override {
    llvm::PipelineTuningOptions tuning;
    tuning.LoopVectorization = false;
    tuning.SLPVectorization = false;
    tuning.LoopUnrolling = false;
    return tuning;
  }
  void addBeforeSanitizer(llvm::ModulePassManager &pm) const override {
    pm.addPass(llvm::createModuleToFunctionPassAdaptor(SanitizeWideAccesses()));
  }
  uint64_t features() const override { return isa.features; }

private:
  const Isa &isa;
};
} // namespace

std::vector<std::unique_ptr<Backend>> makeBackends(const Sharing &sharing) {
  std::vector<std::unique_ptr<Backend>> all;
  for (const Isa &isa : isas())
    all.push_back(std::make_unique<CpuBackend>(isa, sharing));
  return all;
}

} // namespace kerf::codegen::cpu
