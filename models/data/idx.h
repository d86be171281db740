// IDX: the format of the MNIST family of data sets, plain or gzipped.
#pragma once

#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <vector>

namespace kerf::data {

/// Every way an IDX file can be refused.
enum class IdxFault {
  open,      // it cannot be opened, or is no regular file
  read,      // the system failed to read
  gzip,      // broken compression: bad header, bad checksum, bytes behind the end
  truncated, // shorter than its header says
  trailing,  // longer than its header says
  magic,     // does not begin with two zero bytes
  type,      // elements that are not unsigned bytes
  rank,      // no axes, or more than 8
  size       // more elements than the caller allows
};
const char *name(IdxFault fault);

/// what() is "<path>: <what is wrong with the numbers> (<fault>)".
struct IdxError : std::runtime_error {
  IdxError(IdxFault fault, const std::string &path, const std::string &text);
  IdxFault fault;
};

/// Unsigned bytes in row-major order.
struct Idx {
  std::vector<int64_t> shape;
  std::vector<uint8_t> data;
};

/// Reads a whole file. Memory grows with the bytes that are really there, never with what a header
/// claims, and stays below twice `max_bytes`.
Idx read_idx(const std::string &path, uint64_t max_bytes = uint64_t{1} << 30);

} // namespace kerf::data
