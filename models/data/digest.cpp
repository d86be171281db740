// Digests by zlib's CRC.
#include "models/data/digest.h"

#include <cstdio>
#include <zlib.h>

namespace kerf::data {

void Digest::add(const void *bytes, size_t count) {
  crc = static_cast<uint32_t>(crc32_z(crc, static_cast<const Bytef *>(bytes), count));
  length += count;
}

std::string Digest::text() const {
  char text[64];
  std::snprintf(text, sizeof text, "crc32 %08x of %llu bytes", crc,
                static_cast<unsigned long long>(length));
  return text;
}

} // namespace kerf::data
