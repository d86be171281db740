// Whole files in memory.
#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>

namespace kerf::data {

enum class ReadFault {
  open, // it cannot be opened, or is no regular file
  read, // the system failed to read
  size  // more bytes than the caller allows
};

/// what() is what is wrong, in words that follow a path.
struct ReadError : std::runtime_error {
  ReadError(ReadFault fault, const std::string &text) : std::runtime_error(text), fault(fault) {}
  ReadFault fault;
};

/// The content of a regular file of at most `max_bytes`.
std::string read_file(const std::string &path, uint64_t max_bytes);

/// A piece of a file as an error shows it: at most 32 characters, what is not printable as '?'.
std::string quoted(std::string_view text);

} // namespace kerf::data
