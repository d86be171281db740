// error: entry f: bind(8*B, 32): 8*B is no named dim
#include <kerf/kerf.h>

using namespace kerf;
namespace {
constexpr auto B = dim<"B">();
using X = Tensor<f32, 4>;
Tensor<f32> f(const Tensor<f32, B, 4> &x) { return sum(x); }
const auto registered =
    model<"bind_product">(entry<"f">(f, roles("x"), bind(8 * B, 32), returns("y"))); // <- here
} // namespace
