#include "compiler/pipeline.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Pass/PassRegistry.h"
#include "mlir/Transforms/Passes.h"

#include "compiler/dialect.h"

#include <cstdlib>

using namespace mlir;

namespace kerf::compiler {
#define GEN_PASS_REGISTRATION
#include "compiler/passes.h.inc"

void registerDialects(DialectRegistry &registry) {
  registry.insert<KerfDialect, arith::ArithDialect, func::FuncDialect, linalg::LinalgDialect,
                  math::MathDialect, tensor::TensorDialect>();
}

void buildDifferentiation(OpPassManager &pm) {
  pm.addPass(createPrintPhase("emit"));
  pm.addNestedPass<func::FuncOp>(createRaiseFunctions()); // no log of a sigmoid, no e^x - 1
  pm.addNestedPass<func::FuncOp>(createDifferentiate());  // no kerf.value_and_grad left
  pm.addNestedPass<func::FuncOp>(createDropMarks());      // nothing that only gradients heed
  pm.addPass(createCanonicalizerPass());                  // every fold has been taken
  pm.addPass(createCSEPass());                            // equal ops are one op
  pm.addPass(createPrintPhase("differentiate"));
}

static StreamRowsOptions rowsOptions(const FusionOptions &fusion) {
  StreamRowsOptions options;
  options.explain = fusion.explain;
  options.minElements = fusion.streamFrom;
  return options;
}

void buildFusion(OpPassManager &pm, const FusionOptions &fusion) {
  if (!llvm::is_contained(fusion.off, "vq"))
    pm.addPass(createFuseVq({fusion.explain})); // N x K scores exist only where they are read twice
  pm.addNestedPass<func::FuncOp>(createProjectGathered()); // no code is projected twice
  if (!llvm::is_contained(fusion.off, "rows"))
    pm.addPass(createStreamRows(rowsOptions(fusion))); // softmax over codes, block by block
  if (!fusion.off.empty()) {
    DecomposeOptions options;
    options.families.assign(fusion.off.begin(), fusion.off.end());
    pm.addNestedPass<func::FuncOp>(createDecompose(options)); // no op of a family that is off
    pm.addPass(createCSEPass());
  }
  pm.addPass(createPrintPhase("families"));
}

void buildPipeline(OpPassManager &pm, const FusionOptions &fusion) {
  buildDifferentiation(pm);
  buildFusion(pm, fusion);
  pm.addNestedPass<func::FuncOp>(createLower()); // no kerf op left but those with a kernel
  pm.addPass(createPrintPhase("lower"));
}

void registerPasses() {
  registerKerfPasses();
  PassPipelineRegistration<>("kerf-compile", "all passes of compiler/, in their order",
                             [](OpPassManager &pm) { buildPipeline(pm); });
}

bool isPrinted(StringRef phase) {
  const char *wanted = std::getenv("KERF_PRINT");
  SmallVector<StringRef> phases;
  StringRef(wanted ? wanted : "").split(phases, ',');
  return llvm::is_contained(phases, phase);
}

static std::function<void(StringRef)> &phaseObserver() {
  static std::function<void(StringRef)> observer;
  return observer;
}

void observePhases(std::function<void(StringRef)> observer) {
  phaseObserver() = std::move(observer);
}

void printPhase(StringRef phase, ModuleOp module) {
  if (phaseObserver())
    phaseObserver()(phase);
  if (!isPrinted(phase))
    return;
  llvm::errs() << "// ---- " << phase << " ----\n";
  module.print(llvm::errs(), OpPrintingFlags().printNameLocAsPrefix());
  llvm::errs() << "\n";
}

namespace {
struct PrintPhase : PassWrapper<PrintPhase, OperationPass<ModuleOp>> {
  MLIR_DEFINE_EXPLICIT_INTERNAL_INLINE_TYPE_ID(PrintPhase)
  explicit PrintPhase(StringRef phase) : phase(phase) {}
  StringRef getName() const override { return "PrintPhase"; }
  void runOnOperation() override {
    printPhase(phase, getOperation());
    markAllAnalysesPreserved();
  }
  std::string phase;
};
} // namespace

std::unique_ptr<Pass> createPrintPhase(StringRef phase) {
  return std::make_unique<PrintPhase>(phase);
}

} // namespace kerf::compiler
