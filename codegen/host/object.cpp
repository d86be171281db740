#include "codegen/host/object.h"

#include "compiler/pipeline.h"

#include "mlir/Target/LLVMIR/Export.h"
#include "llvm/IR/LegacyPassManager.h"
#include "llvm/IR/Verifier.h"
#include "llvm/MC/TargetRegistry.h"
#include "llvm/Passes/PassBuilder.h"
#include "llvm/Support/TargetSelect.h"
#include "llvm/Target/TargetMachine.h"

using namespace mlir;
using namespace kerf::compiler;

namespace kerf::codegen {

static std::unique_ptr<llvm::TargetMachine> machineFor(const Target &target, std::string &error) {
  LLVMInitializeX86TargetInfo();
  LLVMInitializeX86Target();
  LLVMInitializeX86TargetMC();
  LLVMInitializeX86AsmPrinter();
  llvm::Triple triple(target.triple());
  const llvm::Target *backend = llvm::TargetRegistry::lookupTarget(triple, error);
  if (!backend)
    return nullptr;
  llvm::TargetOptions options;
  // An FMA where one is written and nowhere else: vector.fma arrives as llvm.fmuladd, which Strict
  // would split.
  options.AllowFPOpFusion = llvm::FPOpFusion::Standard;
  return std::unique_ptr<llvm::TargetMachine>(backend->createTargetMachine(
      triple, target.name, target.features(), options, llvm::Reloc::PIC_, std::nullopt,
      llvm::CodeGenOptLevel::Default));
}

/// The TargetMachine alone does not tell inlining and vectorisation what the machine can do.
static void setFunctionAttributes(llvm::Module &module, const Target &target) {
  for (llvm::Function &function : module) {
    if (function.isDeclaration())
      continue;
    function.addFnAttr("target-cpu", target.name);
    function.addFnAttr("target-features", target.features());
    function.addFnAttr("prefer-vector-width", "256");
  }
}

/// Loops are written in vectors already, so LLVM's vectorisers would only add code.
static void optimize(llvm::Module &module, llvm::TargetMachine &machine) {
  llvm::PipelineTuningOptions tuning;
  tuning.LoopVectorization = false;
  tuning.SLPVectorization = false;
  tuning.LoopUnrolling = false;
  llvm::PassBuilder builder(&machine, tuning);
  llvm::LoopAnalysisManager loops;
  llvm::FunctionAnalysisManager functions;
  llvm::CGSCCAnalysisManager callGraph;
  llvm::ModuleAnalysisManager modules;
  builder.registerModuleAnalyses(modules);
  builder.registerCGSCCAnalyses(callGraph);
  builder.registerFunctionAnalyses(functions);
  builder.registerLoopAnalyses(loops);
  builder.crossRegisterProxies(loops, functions, callGraph, modules);
  builder.buildPerModuleDefaultPipeline(llvm::OptimizationLevel::O2).run(module, modules);
}

FailureOr<std::string> makeObject(ModuleOp module, StringRef name, const Target &target,
                                  llvm::function_ref<void(llvm::Module &)> finish) {
  llvm::LLVMContext context;
  std::unique_ptr<llvm::Module> code = translateModuleToLLVMIR(module, context, name);
  if (!code)
    return failure();
  std::string error;
  std::unique_ptr<llvm::TargetMachine> machine = machineFor(target, error);
  if (!machine)
    return module.emitError("no code generator for ") << target.name << ": " << error;
  code->setTargetTriple(llvm::Triple(target.triple()));
  code->setDataLayout(machine->createDataLayout());
  finish(*code);
  setFunctionAttributes(*code, target);
  llvm::raw_string_ostream complaint(error);
  if (llvm::verifyModule(*code, &complaint))
    return module.emitError("LLVM finds the module broken: ") << error;
  optimize(*code, *machine);
  if (isPrinted("llvm"))
    code->print(llvm::errs() << "; ---- llvm ----\n", nullptr);
  llvm::SmallVector<char, 0> bytes;
  llvm::raw_svector_ostream out(bytes);
  llvm::legacy::PassManager emission;
  if (machine->addPassesToEmitFile(emission, out, nullptr, llvm::CodeGenFileType::ObjectFile))
    return module.emitError("LLVM writes no objects for ") << target.name;
  emission.run(*code);
  return std::string(bytes.begin(), bytes.end());
}

} // namespace kerf::codegen
