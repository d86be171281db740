// Text from a module - names, file names, messages - on its way to a screen or into JSON.
#pragma once

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/JSON.h"

#include <string>

namespace kerf::compiler {

/// `text` without what could be more than text: control characters, those of UTF-8 too, become ?,
/// and what is no UTF-8 becomes U+FFFD.
inline std::string printable(llvm::StringRef text) {
  std::string shown = llvm::json::isUTF8(text) ? text.str() : llvm::json::fixUTF8(text);
  for (std::size_t i = 0; i < shown.size(); ++i) {
    const auto c = static_cast<unsigned char>(shown[i]);
    const bool isC1 = c == 0xc2 && i + 1 < shown.size() &&
                      static_cast<unsigned char>(shown[i + 1]) < 0xa0; // U+0080 to U+009F
    if (c < 0x20 || c == 0x7f)
      shown[i] = '?';
    else if (isC1)
      shown[i] = shown[i + 1] = '?';
  }
  return shown;
}

} // namespace kerf::compiler
