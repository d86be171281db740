// refused: entry 'f' leaves B open, but this line adds in one order for B = 4 and in another for 8
#include <kerf/kerf.h>

using namespace kerf;
namespace {
constexpr auto B = dim<"B">();
Tensor<f32, 2> f(const Tensor<f32, B, 3> &x, const Tensor<f32, 2, 3, 4, 1> &w) {
  let image = rearrange<"b c -> 1 c b 1">(x);
  return sum<0, 2, 3>(square(conv<1>(image, w))); // <- here
}
const auto registered =
    model<"open_covered">(entry<"f">(f, roles("x", "w"), bind(B, up_to(8)), returns("y")));
} // namespace
