// error: entry f binds dim T, which nothing in it has; it has B
#include <kerf/kerf.h>

using namespace kerf;
namespace {
constexpr auto B = dim<"B">();
using X = Tensor<f32, 4>;
Tensor<f32> f(const Tensor<f32, B, 4> &x) { return sum(x); }
const auto registered = model<"bind_unknown">(
    entry<"f">(f, roles("x"), bind(B, 4, dim<"T">(), 9), returns("y"))); // <- here
} // namespace
