// refused: entry 'f' leaves B open, but sums over rows of these scores are taken in blocks whose
// number depends on it
#include <kerf/kerf.h>

using namespace kerf;
namespace {
constexpr auto B = dim<"B">();
using Codes = Tensor<f32, 1024, 8>;
Tensor<f32, 1024> f(const Tensor<f32, B, 8> &x, const Codes &codes) {
  let scores = einsum<"b d, k d -> b k">(x, codes); // <- here
  return mean<0>(softmax<1>(scores));
}
const auto registered =
    model<"open_streamed">(entry<"f">(f, roles("x", "codes"), bind(B, up_to(512)), returns("y")));
} // namespace
