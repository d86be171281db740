#include "codegen/backend.h"
#include "codegen/schedule/steps.h"

#include "mlir/Conversion/Passes.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"
#include "mlir/Transforms/Passes.h"

using namespace mlir;

namespace kerf::codegen {

LogicalResult lowerToLLVM(ModuleOp module, const Backend &backend) {
  outlineTasks(module);
  RewritePatternSet expansion(module.getContext());
  backend.populateExpansion(expansion);
  if (failed(applyPatternsGreedily(module, std::move(expansion))))
    return failure();
  PassManager pm(module.getContext());
  pm.addPass(createSCFToControlFlowPass());
  backend.addLowering(pm);
  pm.addPass(createArithToLLVMConversionPass());
  pm.addPass(createConvertIndexToLLVMPass());
  pm.addPass(createConvertControlFlowToLLVMPass());
  pm.addPass(createConvertFuncToLLVMPass());
  pm.addPass(createUBToLLVMConversionPass());
  pm.addPass(createReconcileUnrealizedCastsPass());
  return pm.run(module);
}

} // namespace kerf::codegen
