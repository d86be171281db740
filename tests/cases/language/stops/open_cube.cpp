// refused: entry 'f' leaves B open, but this line has an array of B x B x B elements
#include <kerf/kerf.h>

using namespace kerf;
namespace {
constexpr auto B = dim<"B">();
Tensor<f32> f(const Tensor<f32, B, 3> &x) {
  let y = einsum<"b d, c d, e d -> b c e">(x, x, x); // <- here
  return sum<0>(sum<0>(sum<0>(exp(y))));
}
const auto registered =
    model<"open_cube">(entry<"f">(f, roles("x"), bind(B, up_to(8)), returns("y")));
} // namespace
