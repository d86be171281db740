// error: entry f: bind(B, T): T is no number
#include <kerf/kerf.h>

using namespace kerf;
namespace {
constexpr auto B = dim<"B">();
using X = Tensor<f32, 4>;
Tensor<f32> f(const Tensor<f32, B, 4> &x) { return sum(x); }
const auto registered =
    model<"bind_named">(entry<"f">(f, roles("x"), bind(B, dim<"T">()), returns("y"))); // <- here
} // namespace
