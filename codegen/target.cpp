#include "codegen/target.h"
#include "codegen/backend.h"

#include "llvm/ADT/StringExtras.h"

namespace kerf::codegen {

std::vector<Target> allTargets(const Sharing &sharing) {
  std::vector<Target> targets;
  for (const std::unique_ptr<Backend> &backend : makeBackends(sharing))
    targets.push_back(backend->target);
  return targets;
}

bool parseTargets(llvm::ArrayRef<std::string> names, std::vector<Target> &targets,
                  std::string &error) {
  targets.clear();
  std::vector<std::string> all;
  for (const Target &target : allTargets()) {
    all.push_back(target.name);
    if (llvm::is_contained(names, target.name))
      targets.push_back(target);
  }
  const std::string there = "; there is " + llvm::join(all, " and ");
  for (const std::string &name : names)
    if (!llvm::is_contained(all, name))
      error = "target '" + name +
              (llvm::StringRef(name).starts_with("sm_") ? "' is not built yet" : "' is unknown") +
              there;
    else if (llvm::count(names, name) > 1)
      error = "target '" + name + "' is named " + std::to_string(llvm::count(names, name)) +
              " times; an artefact has one body for it";
  if (names.empty())
    error = "no target is named" + there;
  return error.empty();
}

} // namespace kerf::codegen
