// Object files linked into this process, for tests and kerf-run. They come from the ahead-of-time
// pipeline; nothing is compiled here.
#pragma once

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

#include <memory>

namespace llvm::orc {
class LLJIT;
}

namespace kerf::codegen {

class LoadedObject {
public:
  /// Links `object` (the bytes of an ELF object) with libc, libm and kerf_runtime.
  static llvm::Expected<LoadedObject> load(llvm::StringRef object);
  LoadedObject(LoadedObject &&) noexcept;
  LoadedObject &operator=(LoadedObject &&) noexcept;
  ~LoadedObject();

  /// The address of a symbol; an error that names it if the object has none.
  llvm::Expected<void *> find(llvm::StringRef name) const;

private:
  explicit LoadedObject(std::unique_ptr<llvm::orc::LLJIT> linker);
  std::unique_ptr<llvm::orc::LLJIT> linker;
};

} // namespace kerf::codegen
