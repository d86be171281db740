// What an artefact is made for.
#pragma once

#include "llvm/ADT/ArrayRef.h"

#include <cstdint>
#include <string>
#include <vector>

namespace kerf::codegen {

/// From what size on workers share. No bit depends on it; tests make it small, so that small calls
/// are cut into tasks too.
struct Sharing {
  /// A call that takes less on the nominal machine is not worth waking other workers for.
  double leastMicroseconds = 4;
  /// A task should take some microseconds, a thousand times what it takes to be handed out: so many
  /// elements, or FMAs of whole registers; a multiple of 64.
  int64_t taskWork = 16384;

  static Sharing always() { return {0, 64}; }
};

struct Target {
  std::string name = "x86-64-v3"; ///< as the user writes it
  Sharing sharing = {};
};

/// What code says to a library of the compiler's that is linked with it, -fsanitize=thread.
enum class Sanitizer { none, thread };

/// All that there are. The best first: it needs more of the machine.
std::vector<Target> allTargets(const Sharing &sharing = {});
/// Those of these names, in the order of allTargets. False and `error` set if there is no such
/// target, or not yet, or none is named, or one twice.
bool parseTargets(llvm::ArrayRef<std::string> names, std::vector<Target> &targets,
                  std::string &error);

} // namespace kerf::codegen
