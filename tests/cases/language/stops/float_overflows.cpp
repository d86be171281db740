// error: 1e+300 is no f32, which holds a magnitude up to 3.4e38; use f64
#include <kerf/kerf.h>

using namespace kerf;
namespace {
constexpr auto B = dim<"B">();
using X = Tensor<f32, 4>;
X f(const X &x) {
  let y = x * 1e300; // <- here
  return y;
}
const auto registered = model<"float_overflows">(entry<"f">(f, roles("x")));
} // namespace
