// error: entry f: arguments 1 and 3 have one role, x; give each a name of its own
#include <kerf/kerf.h>

using namespace kerf;
namespace {
constexpr auto B = dim<"B">();
using X = Tensor<f32, 4>;
X f(const X &x, const X &y, const X &z) { return x + y + z; }
const auto registered =
    model<"same_role">(entry<"f">(f, roles("x", "y", "x"), returns("sum"))); // <- here
} // namespace
