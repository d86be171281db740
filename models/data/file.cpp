// Reads files that may be anything.
#include "models/data/file.h"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace kerf::data {

std::string read_file(const std::string &path, uint64_t max_bytes) {
  struct Descriptor {
    int number;
    ~Descriptor() {
      if (number >= 0)
        close(number);
    }
  } const file{open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)};
  struct stat status;
  if (file.number < 0 || fstat(file.number, &status) < 0)
    throw ReadError(ReadFault::open, std::strerror(errno));
  if (!S_ISREG(status.st_mode))
    throw ReadError(ReadFault::open, "not a regular file");
  const auto bytes = static_cast<uint64_t>(status.st_size);
  if (bytes > max_bytes)
    throw ReadError(ReadFault::size, "the file has " + std::to_string(bytes) +
                                         " bytes, want at most " + std::to_string(max_bytes));
  std::string content(bytes, '\0');
  size_t have = 0;
  while (have < content.size()) {
    const ssize_t got = ::read(file.number, content.data() + have, content.size() - have);
    if (got < 0 && errno == EINTR)
      continue;
    if (got < 0)
      throw ReadError(ReadFault::read, std::strerror(errno));
    if (got == 0)
      break; // it shrank while it was read
    have += static_cast<size_t>(got);
  }
  content.resize(have);
  return content;
}

std::string quoted(std::string_view text) {
  constexpr size_t longest = 32;
  std::string result = "\"";
  for (char c : text.substr(0, longest))
    result += c >= ' ' && c <= '~' ? c : '?';
  return result + (text.size() > longest ? "…\"" : "\"");
}

} // namespace kerf::data
