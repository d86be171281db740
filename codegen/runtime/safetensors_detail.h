// What the reader and the writer of safetensors share: element types, and words for messages.
#pragma once

#include "safetensors.h"

#include <algorithm>

namespace kerf::runtime::detail {

struct ElementType {
  std::string_view name;
  DLDataType dtype;
  unsigned bytes;
};
inline constexpr ElementType element_types[] = {{"F32", {kDLFloat, 32, 1}, 4},
                                                {"F64", {kDLFloat, 64, 1}, 8},
                                                {"F16", {kDLFloat, 16, 1}, 2},
                                                {"BF16", {kDLBfloat, 16, 1}, 2},
                                                {"I64", {kDLInt, 64, 1}, 8},
                                                {"I32", {kDLInt, 32, 1}, 4},
                                                {"I16", {kDLInt, 16, 1}, 2},
                                                {"I8", {kDLInt, 8, 1}, 1},
                                                {"U64", {kDLUInt, 64, 1}, 8},
                                                {"U32", {kDLUInt, 32, 1}, 4},
                                                {"U16", {kDLUInt, 16, 1}, 2},
                                                {"U8", {kDLUInt, 8, 1}, 1},
                                                {"BOOL", {kDLUInt, 1, 1}, 1},
                                                {"F8_E5M2", {kDLOpaqueHandle, 8, 1}, 1},
                                                {"F8_E4M3", {kDLOpaqueHandle, 8, 1}, 1}};

inline bool same(const DLDataType &a, const DLDataType &b) {
  return a.code == b.code && a.bits == b.bits && a.lanes == b.lanes;
}

inline const ElementType *element_type(const DLDataType &dtype) {
  const auto *found = std::ranges::find_if(
      element_types, [&](const ElementType &type) { return same(type.dtype, dtype); });
  return found == std::end(element_types) ? nullptr : found;
}

inline void append(std::string &text, std::string_view part) { text += part; }
inline void append(std::string &text, uint64_t value) { text += std::to_string(value); }

template <typename... Parts> std::string cat(const Parts &...parts) {
  std::string text;
  (append(text, parts), ...);
  return text;
}

/// A name from a file, fit to be shown: cut after 80 bytes, control characters replaced.
inline std::string quoted(std::string_view name) {
  std::string text = "\"";
  for (char c : name.substr(0, 80))
    text += static_cast<unsigned char>(c) < 0x20 || c == 0x7f ? '?' : c;
  return text + (name.size() > 80 ? "...\"" : "\"");
}

inline std::string list(const int64_t *shape, int rank) {
  std::string text = "[";
  for (int i = 0; i < rank; ++i)
    text += (i ? ", " : "") + std::to_string(shape[i]);
  return text + "]";
}

} // namespace kerf::runtime::detail
