// error: 3000000000 is no i32, which holds whole numbers from -2147483648 to 2147483647
#include <kerf/kerf.h>

using namespace kerf;
namespace {
constexpr auto B = dim<"B">();
using X = Tensor<f32, 4>;
Tensor<i32> f(const Tensor<i32> &x) {
  let y = x + 3000000000; // <- here
  return y;
}
const auto registered = model<"integer_wraps">(entry<"f">(f, roles("x")));
} // namespace
