// Wrong rewrites and kernels, planted to see whether the tests notice.
#pragma once

#ifdef KERF_MISTAKES
#include <cstdlib>
#include <string_view>
#endif

namespace kerf {

/// Is this mistake to be made? Never in what is shipped: there it is a constant, and its name is in
/// no object. The programs that tests/mistakes builds make the one that KERF_MISTAKE names.
#ifdef KERF_MISTAKES
inline bool mistake(std::string_view name) {
  const char *made = std::getenv("KERF_MISTAKE");
  return made && name == made;
}
#else
consteval bool mistake(const char *) { return false; }
#endif

} // namespace kerf
