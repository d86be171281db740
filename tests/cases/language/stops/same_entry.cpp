// error: there are two entries named f
#include <kerf/kerf.h>

using namespace kerf;
namespace {
constexpr auto B = dim<"B">();
using X = Tensor<f32, 4>;
X f(const X &x) { return x + 1; }
Tensor<f32> g(const X &x) { return sum(x); }
const auto registered =
    model<"same_entry">(entry<"f">(f, roles("x")), entry<"f">(g, roles("x"))); // <- here
} // namespace
