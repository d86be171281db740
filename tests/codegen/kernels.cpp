// Every kernel in one object, lowered and optimised as artefacts are, linked into this process.
#define CATCH_CONFIG_MAIN
#include <catch2/catch.hpp>

#include "codegen/kernels.h"
#include "kernels/emit.h"
#include "kernels/kernels.h"
#include "kernels/math.h"
#include "load.h"

#include "mlir/Conversion/Passes.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Target/LLVMIR/Dialect/Builtin/BuiltinToLLVMIRTranslation.h"
#include "mlir/Target/LLVMIR/Dialect/LLVMIR/LLVMToLLVMIRTranslation.h"
#include "mlir/Target/LLVMIR/Export.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"
#include "llvm/IR/LegacyPassManager.h"
#include "llvm/MC/TargetRegistry.h"
#include "llvm/Passes/PassBuilder.h"
#include "llvm/Support/TargetSelect.h"
#include "llvm/Target/TargetMachine.h"

using namespace mlir;
using namespace kerf::emit;

/// name(x, y, n): y[i] = op(x[i]), eight at a time and the rest alone, or all alone.
template <class Op> static void emitMap(ModuleOp module, const std::string &name, bool scalar) {
  Kernel k(module, "kerf_kernel_" + name);
  Ptr x = k.pointer(), y = k.pointer();
  Val n = k.size(), eights = scalar ? k.index(0) : n / 8 * 8;
  auto map = [&](int64_t lanes) {
    return [&, lanes](Val i) {
      Val value = (x + i).load(lanes);
      (y + i).store(Val(&k, Op::create(k.b, value)));
    };
  };
  k.loop(0, eights, 8, map(8));
  k.loop(eights, n, 1, map(1));
}

static std::string objectOf(ModuleOp module) {
  MLIRContext *context = module.getContext();
  RewritePatternSet patterns(context);
  kerf::kernels::populateMathExpansion(patterns);
  (void)applyPatternsGreedily(module, std::move(patterns));
  PassManager pm(context);
  pm.addPass(createSCFToControlFlowPass());
  pm.addPass(createConvertVectorToLLVMPass());
  pm.addPass(createConvertMathToLLVMPass());
  pm.addPass(createArithToLLVMConversionPass());
  pm.addPass(createConvertFuncToLLVMPass());
  pm.addPass(createConvertControlFlowToLLVMPass());
  pm.addPass(createUBToLLVMConversionPass());
  pm.addPass(createReconcileUnrealizedCastsPass());
  REQUIRE(succeeded(pm.run(module)));

  llvm::LLVMContext llvmContext;
  auto ir = translateModuleToLLVMIR(module, llvmContext);
  REQUIRE(ir);
  LLVMInitializeX86TargetInfo();
  LLVMInitializeX86Target();
  LLVMInitializeX86TargetMC();
  LLVMInitializeX86AsmPrinter();
  const llvm::Triple triple("x86_64-unknown-linux-gnu");
  const char *features = "+avx,+avx2,+bmi,+bmi2,+f16c,+fma,+lzcnt,+movbe,+popcnt,+sse4.2";
  std::string error;
  const llvm::Target *target = llvm::TargetRegistry::lookupTarget(triple, error);
  REQUIRE(target);
  std::unique_ptr<llvm::TargetMachine> machine(target->createTargetMachine(
      triple, "x86-64", features, {}, llvm::Reloc::PIC_, {}, llvm::CodeGenOptLevel::Aggressive));
  ir->setTargetTriple(triple);
  ir->setDataLayout(machine->createDataLayout());
  for (llvm::Function &f : *ir)
    if (!f.isDeclaration())
      f.addFnAttr("target-features", features);
  llvm::PassBuilder builder(machine.get());
  llvm::LoopAnalysisManager loops;
  llvm::FunctionAnalysisManager functions;
  llvm::CGSCCAnalysisManager calls;
  llvm::ModuleAnalysisManager modules;
  builder.registerModuleAnalyses(modules);
  builder.registerCGSCCAnalyses(calls);
  builder.registerFunctionAnalyses(functions);
  builder.registerLoopAnalyses(loops);
  builder.crossRegisterProxies(loops, functions, calls, modules);
  builder.buildPerModuleDefaultPipeline(llvm::OptimizationLevel::O3).run(*ir, modules);
  llvm::SmallString<0> object;
  llvm::raw_svector_ostream out(object);
  llvm::legacy::PassManager codegen;
  machine->addPassesToEmitFile(codegen, out, nullptr, llvm::CodeGenFileType::ObjectFile);
  codegen.run(*ir);
  return std::string(object);
}

static kerf::LoadedObject compileAll() {
  MLIRContext context;
  registerBuiltinDialectTranslation(context);
  registerLLVMDialectTranslation(context);
  OwningOpRef<ModuleOp> module = ModuleOp::create(UnknownLoc::get(&context));
  for (const char *name : {"gemm",
                           "conv",
                           "conv_transpose",
                           "conv_filter",
                           "gemm_f64",
                           "conv_f64",
                           "conv_transpose_f64",
                           "conv_filter_f64",
                           "argmin",
                           "argmin_f64",
                           "argmin_i64",
                           "argmin_i32",
                           "scatter_add",
                           "scatter_add_f64",
                           "scatter_add_i64",
                           "scatter_add_i32",
                           "gather",
                           "uniform",
                           "normal",
                           "fold_key"})
    REQUIRE(kerf::kernels::emitKernel(*module, name));
  for (bool scalar : {false, true}) {
    const std::string suffix = scalar ? "_scalar" : "";
    emitMap<math::ExpOp>(*module, "exp" + suffix, scalar);
    emitMap<math::LogOp>(*module, "log" + suffix, scalar);
    emitMap<math::TanhOp>(*module, "tanh" + suffix, scalar);
  }
  for (auto function : module->getOps<func::FuncOp>())
    if (function.getName().starts_with("kerf_kernel_")) {
      function.setPublic();
      function->removeAttr("llvm.linkage");
    }
  return llvm::cantFail(kerf::LoadedObject::load(objectOf(*module)));
}

void *kerf::test::kernelAddress(const std::string &name) {
  static const LoadedObject object = compileAll();
  return llvm::cantFail(object.find("kerf_kernel_" + name));
}

TEST_CASE("kernels: unknown names are refused", "[kernels]") {
  MLIRContext context;
  OwningOpRef<ModuleOp> module = ModuleOp::create(UnknownLoc::get(&context));
  CHECK_FALSE(kerf::kernels::emitKernel(*module, "softmax"));
  CHECK_FALSE(kerf::kernels::emitKernel(*module, "uniform_f64"));
}
