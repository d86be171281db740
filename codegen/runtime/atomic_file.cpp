// Writes files so that a crash leaves the old one or the new one.
#include "atomic_file.h"
#include "safetensors_detail.h"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <unistd.h>
#include <utility>

namespace kerf::runtime {
using namespace detail;

SystemCalls SystemCalls::real() { return {::write, ::fsync, ::rename}; }

AtomicFile::AtomicFile(const std::string &path, const SystemCalls &system)
    : path(path), temporary(path + ".tmp"), system(system) {
  unlink(temporary.c_str()); // a link or a pipe of this name, too, is not what is written to
  descriptor = open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0666);
  if (descriptor < 0)
    throw FileError(Fault::open, path,
                    cat("cannot write ", temporary, ": ", std::string_view(std::strerror(errno))));
}

AtomicFile::~AtomicFile() {
  if (descriptor >= 0)
    close(descriptor);
  if (!renamed)
    unlink(temporary.c_str());
}

void AtomicFile::write(const void *data, uint64_t bytes) {
  const char *at = static_cast<const char *>(data);
  while (bytes) {
    errno = 0;
    const ssize_t wrote = system.write(descriptor, at, std::min<uint64_t>(bytes, 1 << 30));
    if (wrote < 0 && errno == EINTR)
      continue;
    if (wrote <= 0)
      fail(cat("cannot write the last ", bytes, " bytes"));
    at += wrote;
    bytes -= static_cast<uint64_t>(wrote);
  }
}

void AtomicFile::commit() {
  sync(descriptor, "fsync");
  if (close(std::exchange(descriptor, -1)) < 0)
    fail("close");
  if (system.rename(temporary.c_str(), path.c_str()) < 0)
    fail("rename");
  renamed = true;
  const size_t slash = path.rfind('/');
  const std::string folder = slash == path.npos ? "." : path.substr(0, slash + 1);
  descriptor = open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0)
    fail("open the folder");
  sync(descriptor, "fsync the folder");
}

void AtomicFile::fail(std::string_view what) const {
  throw FileError(Fault::write, path,
                  cat(what, ": ",
                      std::string_view(errno ? std::strerror(errno) : "the system wrote nothing"),
                      renamed ? "" : "; the file is as it was"));
}

/// Some file systems cannot sync a folder and say EINVAL.
void AtomicFile::sync(int what, std::string_view text) const {
  while (system.fsync(what) < 0) {
    if (errno == EINVAL && renamed)
      return;
    if (errno != EINTR)
      fail(text);
  }
}

} // namespace kerf::runtime
