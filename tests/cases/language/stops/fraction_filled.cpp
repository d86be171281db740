// error: 1.5 is no i64, which holds whole numbers
#include <kerf/kerf.h>

using namespace kerf;
namespace {
constexpr auto B = dim<"B">();
using X = Tensor<f32, 4>;
Tensor<i64, 4> f(const Tensor<i64, 4> &x) {
  let y = full_like<i64>(x, 1.5); // <- here
  return y;
}
const auto registered = model<"fraction_filled">(entry<"f">(f, roles("x")));
} // namespace
