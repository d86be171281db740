// error: entry f does not end: functions call each other
#include <kerf/kerf.h>

using namespace kerf;
namespace {
constexpr auto B = dim<"B">();
using X = Tensor<f32, 4>;
X deep(const X &x) {
  let y = tanh(x); // <- here
  return deep(y);
}
X f(const X &x) { return deep(x); }
const auto registered = model<"recursion">(entry<"f">(f, roles("x")));
} // namespace
