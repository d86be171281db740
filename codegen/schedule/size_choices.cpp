// Choices that sizes decide, made once for an open entry and its companions.
#include "codegen/schedule/steps.h"

using namespace mlir;

namespace kerf::codegen {

bool SizeChoices::next(StringRef function, llvm::function_ref<bool()> choose) {
  Made &own = made[function];
  if (!isKnown)
    own.choices.push_back(choose());
  // Where a companion has more to choose it is another program, which is found when they are
  // compared.
  return own.number < own.choices.size() && own.choices[own.number++];
}

void SizeChoices::repeat() {
  isKnown = true;
  for (auto &function : made)
    function.second.number = 0;
}

} // namespace kerf::codegen
