#include "codegen/target.h"
#include "codegen/backend.h"

namespace kerf::codegen {

bool Target::parse(llvm::StringRef text, Target &target, std::string &error) {
  if (findBackend({text.str()})) {
    target = {text.str()};
    return true;
  }
  bool planned = text.starts_with("sm_") || text == "x86-64-v4";
  error = "target '" + text.str() + (planned ? "' is not built yet" : "' is unknown") +
          "; there is x86-64-v3";
  return false;
}

} // namespace kerf::codegen
