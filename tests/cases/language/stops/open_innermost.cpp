// refused: a sum over an open dim that is the innermost of several axes
#include <kerf/kerf.h>

using namespace kerf;
namespace {
constexpr auto B = dim<"B">();
Tensor<f32, 2> f(const Tensor<f32, B, 2, 3> &x) {
  let y = rearrange<"b c d -> c d b">(x);
  return sum<1, 2>(exp(y));
}
const auto registered =
    model<"open_innermost">(entry<"f">(f, roles("x"), bind(B, up_to(8)), returns("y")));
} // namespace
