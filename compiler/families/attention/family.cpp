#include "compiler/all_families.h"
#include "compiler/families/attention/passes.h"

using namespace mlir;

namespace kerf::compiler::attention {

/// Attention, in O(N) memory; its derivative is an op with a kernel of its own.
const Family family = {
    .name = "attention",
    .forms = Family::Forms::before,
    .rank = 0,
    .form = [](OpPassManager &pm,
               const FusionOptions &fusion) { pm.addPass(createFuseAttention({fusion.explain})); },
    .registerPasses = registerKerfPasses,
    .leave = [](OpPassManager &pm) { pm.addNestedPass<func::FuncOp>(createLeaveAttention()); },
};

} // namespace kerf::compiler::attention
