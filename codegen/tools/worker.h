// Work that may crash or hang, in a process of its own.
#pragma once

#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/StringRef.h"

#include <string>

namespace kerf::codegen {

/// Says what the worker is doing now; the parent names it if the worker dies.
class Stage {
public:
  Stage();
  ~Stage();
  Stage(const Stage &) = delete;
  Stage &operator=(const Stage &) = delete;
  void set(llvm::StringRef what);
  std::string get() const;

private:
  char *text; ///< shared with the worker
};

/// Runs `work` in a forked worker and gives its exit code. A worker that dies or computes for
/// longer than `seconds` gives -1, and `died` says in words what happened at which stage. What else
/// the machine does costs it nothing, up to ten times as long by the clock.
int runWorker(llvm::function_ref<int(Stage &)> work, double seconds, std::string &died);

} // namespace kerf::codegen
