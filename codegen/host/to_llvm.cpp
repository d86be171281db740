#include "codegen/cpu/math.h"
#include "codegen/schedule/steps.h"

#include "mlir/Conversion/Passes.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"
#include "mlir/Transforms/Passes.h"

using namespace mlir;

namespace kerf::codegen {

LogicalResult lowerToLLVM(ModuleOp module) {
  RewritePatternSet math(module.getContext());
  cpu::populateMathExpansion(math);
  if (failed(applyPatternsGreedily(module, std::move(math))))
    return failure();
  PassManager pm(module.getContext());
  pm.addPass(createSCFToControlFlowPass());
  pm.addPass(createConvertVectorToLLVMPass());
  ConvertMathToLLVMPassOptions exact;
  exact.approximateLog1p = false; // as log(1 + x)
  pm.addPass(createConvertMathToLLVMPass(exact));
  pm.addPass(createConvertMathToLibmPass()); // f64 only: libm gives its functions
  pm.addPass(createConvertVectorToLLVMPass());
  pm.addPass(createArithToLLVMConversionPass());
  pm.addPass(createConvertIndexToLLVMPass());
  pm.addPass(createConvertControlFlowToLLVMPass());
  pm.addPass(createConvertFuncToLLVMPass());
  pm.addPass(createUBToLLVMConversionPass());
  pm.addPass(createReconcileUnrealizedCastsPass());
  return pm.run(module);
}

} // namespace kerf::codegen
