// refused: entry 'f' leaves B open, but a size here is 16 for B = 8 and 30 for 1; memory is planned
// for the most rows, so no size may fall as B grows
#include <kerf/kerf.h>

using namespace kerf;
namespace {
constexpr auto B = dim<"B">();
Tensor<f32, 16, 2> f(const Tensor<f32, 16, 2> &queue, const Tensor<f32, B, 2> &x) {
  return concat<0>(x, take<0, 0, 16 - B>(queue));
}
const auto registered =
    model<"open_rest">(entry<"f">(f, roles("queue", "x"), bind(B, up_to(8)), returns("y")));
} // namespace
