#include "codegen/compile.h"
#include "codegen/artefact/names.h"
#include "codegen/artefact/report.h"
#include "codegen/host/object.h"
#include "codegen/schedule/kernel_op.h"
#include "codegen/schedule/open_sizes.h"
#include "codegen/schedule/steps.h"
#include "codegen/schedule/to_kernels.h"

#include "compiler/open.h"
#include "compiler/pipeline.h"
#include "compiler/values.h"

#include "mlir/Dialect/Arith/Transforms/BufferizableOpInterfaceImpl.h"
#include "mlir/Dialect/Bufferization/IR/Bufferization.h"
#include "mlir/Dialect/Bufferization/Transforms/FuncBufferizableOpInterfaceImpl.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Linalg/Transforms/BufferizableOpInterfaceImpl.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/SCF/Transforms/BufferizableOpInterfaceImpl.h"
#include "mlir/Dialect/Tensor/Transforms/BufferizableOpInterfaceImpl.h"
#include "mlir/Dialect/UB/IR/UBOps.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Target/LLVMIR/Dialect/Builtin/BuiltinToLLVMIRTranslation.h"
#include "mlir/Target/LLVMIR/Dialect/LLVMIR/LLVMToLLVMIRTranslation.h"

using namespace mlir;
using namespace kerf::compiler;

namespace kerf::codegen {

void registerCodegen(DialectRegistry &registry) {
  registerDialects(registry);
  registry.insert<KerfScheduleDialect, bufferization::BufferizationDialect, LLVM::LLVMDialect,
                  memref::MemRefDialect, scf::SCFDialect, ub::UBDialect>();
  arith::registerBufferizableOpInterfaceExternalModels(registry);
  linalg::registerBufferizableOpInterfaceExternalModels(registry);
  scf::registerBufferizableOpInterfaceExternalModels(registry);
  tensor::registerBufferizableOpInterfaceExternalModels(registry);
  bufferization::func_ext::registerBufferizableOpInterfaceExternalModels(registry);
  registerBuiltinDialectTranslation(registry);
  registerLLVMDialectTranslation(registry);
}

/// Tensors => buffers, every entry's body as calls on them.
static LogicalResult makeBodies(ModuleOp module, const Interface &interface, const Backend &backend,
                                SizeChoices &choices) {
  if (failed(convertToKernels(module, backend))) // no kerf op left
    return failure();
  for (auto function : module.getOps<func::FuncOp>())
    prepareInputs(function, backend, choices); // what a loop reads as it is, once before the loop
  if (failed(fuse(module, backend, choices)))  // elementwise ops in their consumers
    return failure();
  printPhase("fuse", module);
  if (failed(bufferize(module, interface))) // no tensor left; arguments are written at the end
    return failure();
  for (auto function : module.getOps<func::FuncOp>()) {
    forwardResults(function); // in place where that is safe
    prepareBody(function);
  }
  return success();
}

/// What of the open entries depends on the rows of a call: `companions` tell, which come through
/// the same steps. They have said nothing that their entries have not said.
static LogicalResult openSizes(ModuleOp module, ArrayRef<OwningOpRef<ModuleOp>> companions,
                               const FusionOptions &fusion, const Backend &backend,
                               SizeChoices &choices) {
  FusionOptions silent = fusion;
  silent.explain = false;
  for (const OwningOpRef<ModuleOp> &companion : companions) {
    ScopedDiagnosticHandler quiet(module.getContext(), [](Diagnostic &diagnostic) {
      return success(diagnostic.getSeverity() != DiagnosticSeverity::Error);
    });
    choices.repeat();
    FailureOr<Interface> interface = readInterface(*companion);
    PassManager pm(module.getContext());
    buildPipeline(pm, silent);
    if (failed(interface) || failed(pm.run(*companion)) ||
        failed(makeBodies(*companion, *interface, backend, choices)))
      return failure();
  }
  for (auto function : module.getOps<func::FuncOp>()) {
    if (!openDimOf(function))
      continue;
    SmallVector<func::FuncOp> twins;
    for (const OwningOpRef<ModuleOp> &companion : companions)
      twins.push_back(companion.get().lookupSymbol<func::FuncOp>(function.getName()));
    if (failed(findOpenNumbers(function, twins, backend)))
      return failure();
  }
  return success();
}

/// The buffers of every entry in one arena. What it runs is known then.
static FailureOr<std::vector<EntryPlan>> planMemory(ModuleOp module, Interface &interface,
                                                    const Backend &backend, uint64_t maxArena) {
  std::vector<EntryPlan> plans;
  for (auto [function, entry] : llvm::zip_equal(module.getOps<func::FuncOp>(), interface.entries)) {
    FailureOr<uint64_t> arena = planArena(function, maxArena);
    if (failed(arena))
      return failure();
    entry.arenaBytes = *arena;
    plans.push_back(describePlan(function, entry.arenaBytes, backend));
    entry.workerBytes = plans.back().workerBytes;
    entry.flops = plans.back().kernelFlops();
  }
  return plans;
}

/// Entries on planned memory => code of one target.
static LogicalResult addCode(Object &object, ModuleOp module, const Interface &interface,
                             const Backend &backend) {
  if (failed(emitBodies(module, interface, backend))) // no buffer left, only addresses
    return failure();
  printPhase("loops", module);
  if (failed(lowerToLLVM(module, backend)))
    return failure();
  return object.add(module, backend);
}

FailureOr<Compiled> compile(ModuleOp module, ArrayRef<Target> targets, const FusionOptions &fusion,
                            uint64_t maxArena, Sanitizer sanitizer) {
  std::vector<std::unique_ptr<Backend>> backends;
  DialectRegistry registry;
  registerCodegen(registry);
  for (const Target &target : targets) {
    backends.push_back(backendFor(target));
    backends.back()->registerDialects(registry);
  }
  const Backend &common = *backends.back(); // all have its kernels
  module.getContext()->appendDialectRegistry(registry);
  module.getContext()->loadAllAvailableDialects();

  auto companions = takeCompanions(module);
  if (failed(companions))
    return failure();
  SmallVector<ModuleOp> ofCompanions;
  for (const OwningOpRef<ModuleOp> &companion : *companions)
    ofCompanions.push_back(companion.get());
  FailureOr<Interface> interface = readInterface(module, ofCompanions);
  if (failed(interface) || failed(verifyValues(module)))
    return failure();
  if (llvm::Error error = checkNames(*interface))
    return module.emitError(toString(std::move(error)));
  PassManager pm(module.getContext());
  buildPipeline(pm, fusion);
  if (failed(pm.run(module))) // linalg on tensors, and kerf ops that have a kernel
    return failure();
  for (auto function : module.getOps<func::FuncOp>())
    if (openDimOf(function) && failed(checkCounts(function)))
      return failure();
  std::vector<FusionOutcome> outcomes = fusionOutcomes(module);
  SizeChoices choices;
  if (failed(makeBodies(module, *interface, common, choices)) ||
      failed(openSizes(module, *companions, fusion, common, choices)))
    return failure();
  FailureOr<std::vector<EntryPlan>> plans = // every buffer has its place
      planMemory(module, *interface, common, maxArena);
  if (failed(plans))
    return failure();
  printPhase("buffers", module);
  Object object(interface->model, sanitizer);
  std::vector<Body> bodies;
  for (const std::unique_ptr<Backend> &backend : backends) {
    OwningOpRef<ModuleOp> copy = module.clone();
    if (failed(addCode(object, *copy, *interface, *backend)))
      return failure();
    bodies.push_back({backend->target, backend->features()});
  }
  addExports(object.code(), *interface, bodies);
  FailureOr<std::string> bytes = object.write(module.getLoc());
  if (failed(bytes))
    return failure();
  std::string report = fusionReport(interface->model, outcomes, *plans);
  return Compiled{std::move(*interface), std::move(*bytes), std::move(report), std::move(*plans),
                  std::move(bodies)};
}

} // namespace kerf::codegen
