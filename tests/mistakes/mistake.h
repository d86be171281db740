// Is a planted mistake to be made?
#pragma once

#include <cstdlib>
#include <string_view>

namespace kerf {

/// The one that KERF_MISTAKE names is.
inline bool mistake(std::string_view name) {
  const char *made = std::getenv("KERF_MISTAKE");
  return made && name == made;
}

} // namespace kerf
