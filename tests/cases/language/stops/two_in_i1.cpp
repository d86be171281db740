// error: 2 is no i1, which holds false (0) and true (1)
#include <kerf/kerf.h>

using namespace kerf;
namespace {
constexpr auto B = dim<"B">();
using X = Tensor<f32, 4>;
Tensor<i1, 4> f(const Tensor<i1, 4> &x) {
  Tensor<i1, 4> y = 2; // <- here
  return y == x;
}
const auto registered = model<"two_in_i1">(entry<"f">(f, roles("x")));
} // namespace
