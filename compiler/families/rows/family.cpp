#include "compiler/all_families.h"
#include "compiler/families/rows/passes.h"

using namespace mlir;

namespace kerf::compiler::rows {

static void form(OpPassManager &pm, const FusionOptions &fusion) {
  StreamRowsOptions options;
  options.explain = fusion.explain;
  options.minElements = fusion.streamFrom;
  options.blockElements = fusion.streamBlock;
  pm.addPass(createStreamRows(options));
}

/// Arrays of rows x columns that no kernel took, block by block of rows.
const Family family = {
    .name = "rows",
    .forms = Family::Forms::after,
    .rank = Family::rest,
    .form = form,
    .registerPasses = registerKerfPasses,
};

} // namespace kerf::compiler::rows
