// error: kerf: entry: an entry is one function, but this name is that of a template
// then: no matching function for call to
#include <kerf/kerf.h>

using namespace kerf;

auto twice(const auto &x) { return 2 * x; }

const auto wrong = model<"wrong">(entry<"twice">(twice, roles("x"))); // <- here
