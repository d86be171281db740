// What an artefact is made for.
#pragma once

#include "llvm/ADT/ArrayRef.h"

#include <string>
#include <vector>

namespace kerf::codegen {

struct Target {
  std::string name = "x86-64-v3"; ///< as the user writes it
};

/// What code says to a library of the compiler's that is linked with it, -fsanitize=thread.
enum class Sanitizer { none, thread };

/// All that there are. The best first: it needs more of the machine.
std::vector<Target> allTargets();
/// Those of these names, in the order of allTargets. False and `error` set if there is no such
/// target, or not yet, or none is named, or one twice.
bool parseTargets(llvm::ArrayRef<std::string> names, std::vector<Target> &targets,
                  std::string &error);

} // namespace kerf::codegen
