#include "compiler/pipeline.h"
#include "compiler/open.h"

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

// ---- families ----------------------------------------------------------------------------------

static bool isOff(const Family &family, const FusionOptions &fusion) {
  return llvm::is_contained(fusion.off, family.name);
}

/// Fused ops of those families that form at this time, have these ranks and are on.
static void form(OpPassManager &pm, const FusionOptions &fusion, FamilyList list,
                 Family::Forms when, llvm::function_ref<bool(int)> ranks) {
  for (const Family *family : list)
    if (family->forms == when && ranks(family->rank) && !isOff(*family, fusion))
      family->form(pm, fusion);
}

/// No op of a family that forms at this time and is off. Are there such families?
static bool decompose(OpPassManager &pm, const FusionOptions &fusion, FamilyList list,
                      Family::Forms when) {
  DecomposeOptions options;
  for (const Family *family : list)
    if (family->forms == when && isOff(*family, fusion))
      options.families.push_back(family->name.str());
  if (options.families.empty())
    return false;
  pm.addNestedPass<func::FuncOp>(createDecompose(options));
  return true;
}

// ---- the order ---------------------------------------------------------------------------------

void buildDifferentiation(OpPassManager &pm, const FusionOptions &fusion, FamilyList list) {
  constexpr auto before = Family::Forms::before;
  pm.addPass(createPrintPhase("emit"));
  pm.addNestedPass<func::FuncOp>(createRaiseFunctions());   // no log of a sigmoid, no e^x - 1
  pm.addNestedPass<func::FuncOp>(createComputeNarrow());    // products are as the policy says
  form(pm, fusion, list, before, [](int) { return true; }); // their own derivatives run
  decompose(pm, fusion, list, before);                      // or those of their plain forms
  pm.addNestedPass<func::FuncOp>(createWidenNarrow());      // narrow numbers are moved and cast
  pm.addNestedPass<func::FuncOp>(createDifferentiate());    // no kerf.value_and_grad left
  pm.addNestedPass<func::FuncOp>(createWidenNarrow());      // in derivatives of moves, too
  pm.addNestedPass<func::FuncOp>(createDropMarks());        // nothing that only gradients heed
  pm.addPass(createCanonicalizerPass());                    // every fold has been taken
  pm.addPass(createCSEPass());                              // equal ops are one op
  pm.addPass(createPrintPhase("differentiate"));
}

void buildForms(OpPassManager &pm, const FusionOptions &fusion) {
  pm.addNestedPass<func::FuncOp>(createComputeNarrow());
  form(pm, fusion, families(), Family::Forms::before, [](int) { return true; });
}

void buildEvaluation(OpPassManager &pm) {
  pm.addNestedPass<func::FuncOp>(createComputeNarrow());
  pm.addNestedPass<func::FuncOp>(createWidenNarrow(WidenNarrowOptions{/*differentiated=*/true}));
  pm.addNestedPass<func::FuncOp>(createDifferentiate());
}

void buildFusion(OpPassManager &pm, const FusionOptions &fusion, FamilyList list) {
  constexpr auto after = Family::Forms::after;
  for (const Family *family : list)
    if (family->leave)
      family->leave(pm); // fused ops have kernels
  form(pm, fusion, list, after, [](int rank) { return rank < Family::rest; });
  pm.addNestedPass<func::FuncOp>(createProjectGathered()); // no row of a table is projected twice
  form(pm, fusion, list, after, [](int rank) { return rank >= Family::rest; });
  if (decompose(pm, fusion, list, after))
    pm.addPass(createCSEPass());
  pm.addPass(createPrintPhase("families"));
}

void buildPipeline(OpPassManager &pm, const FusionOptions &fusion) {
  buildDifferentiation(pm, fusion);
  buildFusion(pm, fusion);
  pm.addNestedPass<func::FuncOp>(createLower()); // no kerf op left but those with a kernel
  pm.addPass(createPrintPhase("lower"));
}

void registerPasses() {
  registerKerfPasses();
  for (const Family *family : families())
    family->registerPasses();
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
  if (areCompanions(module))
    return;
  if (phaseObserver())
    phaseObserver()(phase);
  if (!isPrinted(phase))
    return;
  llvm::errs() << "// ---- " << phase << " ----\n";
  constexpr int64_t longestTable = 64; // the others are named, their numbers left out
  module.print(llvm::errs(),
               OpPrintingFlags().printNameLocAsPrefix().elideLargeElementsAttrs(longestTable));
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
