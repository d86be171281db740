#include "codegen/host/object.h"
#include "codegen/backend.h"

#include "compiler/pipeline.h"

#include "mlir/Target/LLVMIR/Export.h"
#include "llvm/IR/LegacyPassManager.h"
#include "llvm/IR/Verifier.h"
#include "llvm/Linker/Linker.h"
#include "llvm/Transforms/Instrumentation/ThreadSanitizer.h"

using namespace mlir;
using namespace kerf::compiler;

namespace kerf::codegen {

Object::Object(StringRef name, Sanitizer sanitizer)
    : sanitizer(sanitizer), module(std::make_unique<llvm::Module>(name, context)) {}
Object::~Object() = default;

LogicalResult Object::add(ModuleOp functions, const Backend &backend) {
  std::unique_ptr<llvm::Module> code = translateModuleToLLVMIR(functions, context, "");
  if (!code)
    return failure();
  std::string error;
  machine = backend.machine(error);
  if (!machine)
    return functions.emitError("no code generator for ") << backend.target.name << ": " << error;
  base = &backend;
  for (llvm::Module *part : {code.get(), module.get()}) {
    part->setTargetTriple(machine->getTargetTriple());
    part->setDataLayout(machine->createDataLayout());
  }
  for (llvm::Function &function : *code)
    if (!function.isDeclaration()) {
      function.setName(nameIn(backend.target, function.getName()));
      backend.describe(function);
    }
  if (llvm::Linker::linkModules(*module, std::move(code)))
    return functions.emitError("LLVM does not link the code for ") << backend.target.name;
  return success();
}

void Object::optimize() {
  llvm::PassBuilder builder(machine.get(), base->tuning());
  if (sanitizer == Sanitizer::thread) {
    for (llvm::Function &function : *module)
      if (!function.isDeclaration())
        function.addFnAttr(llvm::Attribute::SanitizeThread);
    builder.registerOptimizerLastEPCallback([&](llvm::ModulePassManager &pm, auto &&...) {
      base->addBeforeSanitizer(pm);
      pm.addPass(llvm::ModuleThreadSanitizerPass());
      pm.addPass(llvm::createModuleToFunctionPassAdaptor(llvm::ThreadSanitizerPass()));
    });
  }
  llvm::LoopAnalysisManager loops;
  llvm::FunctionAnalysisManager functions;
  llvm::CGSCCAnalysisManager callGraph;
  llvm::ModuleAnalysisManager modules;
  builder.registerModuleAnalyses(modules);
  builder.registerCGSCCAnalyses(callGraph);
  builder.registerFunctionAnalyses(functions);
  builder.registerLoopAnalyses(loops);
  builder.crossRegisterProxies(loops, functions, callGraph, modules);
  builder.buildPerModuleDefaultPipeline(llvm::OptimizationLevel::O2).run(*module, modules);
}

FailureOr<std::string> Object::write(Location location) {
  for (llvm::Function &function : *module)
    if (!function.isDeclaration() && !function.hasFnAttribute("target-cpu"))
      base->describe(function);
  std::string error;
  llvm::raw_string_ostream complaint(error);
  if (llvm::verifyModule(*module, &complaint))
    return emitError(location, "LLVM finds the module broken: ") << error;
  optimize();
  if (isPrinted("llvm"))
    module->print(llvm::errs() << "; ---- llvm ----\n", nullptr);
  llvm::SmallVector<char, 0> bytes;
  llvm::raw_svector_ostream out(bytes);
  llvm::legacy::PassManager emission;
  if (machine->addPassesToEmitFile(emission, out, nullptr, llvm::CodeGenFileType::ObjectFile))
    return emitError(location, "LLVM writes no objects for ") << base->target.name;
  emission.run(*module);
  return std::string(bytes.begin(), bytes.end());
}

} // namespace kerf::codegen
