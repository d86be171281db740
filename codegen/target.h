// What an artefact is made for.
#pragma once

#include "llvm/ADT/StringRef.h"

#include <string>

namespace kerf::codegen {

struct Target {
  std::string name = "x86-64-v3"; ///< as the user writes it

  /// False and `error` set if there is no such target, or not yet.
  static bool parse(llvm::StringRef text, Target &target, std::string &error);
};

} // namespace kerf::codegen
