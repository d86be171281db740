#include "codegen/backend.h"

namespace kerf::codegen {

/// One for each folder that has a backend.cpp: null for a target that is not its own.
using MakeBackend = std::unique_ptr<Backend> (*)(const Target &);
#include "codegen/backends.inc"

std::unique_ptr<Backend> findBackend(const Target &target) {
  for (MakeBackend make : backends)
    if (std::unique_ptr<Backend> backend = make(target))
      return backend;
  return nullptr;
}

std::unique_ptr<Backend> backendFor(const Target &target) {
  std::unique_ptr<Backend> backend = findBackend(target);
  assert(backend && "a target that was parsed");
  return backend;
}

const Kernel *Backend::kernel(llvm::StringRef name) const {
  for (const Kernel &kernel : kernels())
    if (kernel.name == name)
      return &kernel;
  return nullptr;
}

} // namespace kerf::codegen
