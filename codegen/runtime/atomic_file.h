// A file that is written whole or not at all.
#pragma once

#include "safetensors.h"

namespace kerf::runtime {

/// Becomes `path` when it is committed: written to <path>.tmp, fsynced, renamed over `path`, the
/// folder fsynced. After a crash the file is the old one or the new one. No link is followed, and
/// what had the temporary's name, such as the rest of a crash, is removed. Without a commit the
/// temporary disappears and `path` is as it was. Every failure throws FileError with the path and
/// the system's words.
class AtomicFile {
public:
  explicit AtomicFile(const std::string &path, const SystemCalls &system = SystemCalls::real());
  ~AtomicFile();
  AtomicFile(const AtomicFile &) = delete;
  AtomicFile &operator=(const AtomicFile &) = delete;

  void write(const void *data, uint64_t bytes);
  void write(std::string_view text) { write(text.data(), text.size()); }
  void commit();

private:
  [[noreturn]] void fail(std::string_view what) const;
  void sync(int what, std::string_view text) const;

  const std::string path, temporary;
  const SystemCalls system;
  int descriptor;
  bool renamed = false;
};

} // namespace kerf::runtime
