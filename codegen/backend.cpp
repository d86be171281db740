#include "codegen/backend.h"

namespace kerf::codegen {

/// One for each folder that has a backend.cpp: gives those of its targets.
using MakeBackends = std::vector<std::unique_ptr<Backend>> (*)(const Sharing &);
#include "codegen/backends.inc"

std::vector<std::unique_ptr<Backend>> makeBackends(const Sharing &sharing) {
  std::vector<std::unique_ptr<Backend>> all;
  for (MakeBackends make : folders)
    llvm::move(make(sharing), std::back_inserter(all));
  return all;
}

std::unique_ptr<Backend> backendFor(const Target &target) {
  for (std::unique_ptr<Backend> &backend : makeBackends(target.sharing))
    if (backend->target.name == target.name)
      return std::move(backend);
  llvm_unreachable("a target that was not parsed");
}

const Kernel *Backend::kernel(llvm::StringRef name) const {
  for (const Kernel &kernel : kernels())
    if (kernel.name == name)
      return &kernel;
  return nullptr;
}

} // namespace kerf::codegen
