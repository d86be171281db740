// A short name for the content of data, so that a checkpoint can tell whose it is.
#pragma once

#include <cstdint>
#include <span>
#include <string>

namespace kerf::data {

/// CRC-32 and length of all that was added. Tells data sets apart that differ by accident; no
/// protection against one that was made to be taken for another.
class Digest {
public:
  void add(const void *bytes, size_t count);
  template <class Number> void add(std::span<const Number> numbers) {
    static_assert(std::is_arithmetic_v<Number>); // a struct has padding
    add(numbers.data(), numbers.size_bytes());
  }
  /// "crc32 89abcdef of 4711 bytes"
  std::string text() const;

private:
  uint32_t crc = 0;
  uint64_t length = 0;
};

} // namespace kerf::data
