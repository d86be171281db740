// error: entry f: bind(B, 8): B is bound to 4 before
#include <kerf/kerf.h>

using namespace kerf;
namespace {
constexpr auto B = dim<"B">();
using X = Tensor<f32, 4>;
Tensor<f32> f(const Tensor<f32, B, 4> &x) { return sum(x); }
const auto registered =
    model<"bind_twice">(entry<"f">(f, roles("x"), bind(B, 4, B, 8), returns("y"))); // <- here
} // namespace
