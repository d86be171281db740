#include "codegen/host/object.h"
#include "codegen/backend.h"

#include "compiler/pipeline.h"

#include "mlir/Target/LLVMIR/Export.h"
#include "llvm/IR/LegacyPassManager.h"
#include "llvm/IR/Verifier.h"

using namespace mlir;
using namespace kerf::compiler;

namespace kerf::codegen {

static void optimize(llvm::Module &module, llvm::TargetMachine &machine,
                     const llvm::PipelineTuningOptions &tuning) {
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

FailureOr<std::string> makeObject(ModuleOp module, StringRef name, const Backend &backend,
                                  llvm::function_ref<void(llvm::Module &)> finish) {
  llvm::LLVMContext context;
  std::unique_ptr<llvm::Module> code = translateModuleToLLVMIR(module, context, name);
  if (!code)
    return failure();
  std::string error;
  std::unique_ptr<llvm::TargetMachine> machine = backend.machine(error);
  if (!machine)
    return module.emitError("no code generator for ") << backend.target.name << ": " << error;
  code->setTargetTriple(machine->getTargetTriple());
  code->setDataLayout(machine->createDataLayout());
  finish(*code);
  for (llvm::Function &function : *code)
    if (!function.isDeclaration())
      backend.describe(function);
  llvm::raw_string_ostream complaint(error);
  if (llvm::verifyModule(*code, &complaint))
    return module.emitError("LLVM finds the module broken: ") << error;
  optimize(*code, *machine, backend.tuning());
  if (isPrinted("llvm"))
    code->print(llvm::errs() << "; ---- llvm ----\n", nullptr);
  llvm::SmallVector<char, 0> bytes;
  llvm::raw_svector_ostream out(bytes);
  llvm::legacy::PassManager emission;
  if (machine->addPassesToEmitFile(emission, out, nullptr, llvm::CodeGenFileType::ObjectFile))
    return module.emitError("LLVM writes no objects for ") << backend.target.name;
  emission.run(*code);
  return std::string(bytes.begin(), bytes.end());
}

} // namespace kerf::codegen
