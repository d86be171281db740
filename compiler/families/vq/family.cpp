#include "compiler/all_families.h"
#include "compiler/families/vq/passes.h"

using namespace mlir;

namespace kerf::compiler::vq {

/// Searches for codes: N x K scores exist only where they are read twice.
const Family family = {
    .name = "vq",
    .forms = Family::Forms::after,
    .rank = 0,
    .form = [](OpPassManager &pm,
               const FusionOptions &fusion) { pm.addPass(createFuseVq({fusion.explain})); },
    .registerPasses = registerKerfPasses,
};

} // namespace kerf::compiler::vq
