#include "compiler/all_families.h"
#include "compiler/families/attention/passes.h"

using namespace mlir;

namespace kerf::compiler::attention {

/// Attention, in O(N) memory; its derivative is an op with a kernel of its own. Nothing forms it
/// yet but the pass by its name: second derivatives of the op, of many scores, are not yet run by
/// blocks of rows.
const Family family = {
    .name = "attention",
    .forms = Family::Forms::before,
    .rank = 0,
    .form = [](OpPassManager &, const FusionOptions &) {},
    .registerPasses = registerKerfPasses,
    .leave = [](OpPassManager &pm) { pm.addNestedPass<func::FuncOp>(createLeaveAttention()); },
};

} // namespace kerf::compiler::attention
