#include "compiler/all_families.h"
#include "compiler/families/attention/passes.h"

using namespace mlir;

namespace kerf::compiler::attention {

/// Attention, whose own derivative has a kernel. Nothing forms it yet but the pass by its name: a
/// backend must have kernels of the op first.
const Family family = {
    .name = "attention",
    .forms = Family::Forms::before,
    .rank = 0,
    .form = [](OpPassManager &, const FusionOptions &) {},
    .registerPasses = registerKerfPasses,
};

} // namespace kerf::compiler::attention
