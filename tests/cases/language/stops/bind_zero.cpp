// error: entry f: bind(B, 0): a named dim is at least 1
#include <kerf/kerf.h>

using namespace kerf;
namespace {
constexpr auto B = dim<"B">();
using X = Tensor<f32, 4>;
Tensor<f32> f(const Tensor<f32, B, 4> &x) { return sum(x); }
const auto registered =
    model<"bind_zero">(entry<"f">(f, roles("x"), bind(B, 0), returns("y"))); // <- here
} // namespace
