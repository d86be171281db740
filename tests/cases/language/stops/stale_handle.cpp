// error: entry second uses a value that belongs to entry first: values end with their entry
#include <kerf/kerf.h>

using namespace kerf;
namespace {
constexpr auto B = dim<"B">();
using X = Tensor<f32, 4>;
X scaled(const X &x) {
  static let half = 0.5 * sum(exp(x));
  let y = x * half; // <- here
  return y * half;
}
X first(const X &x) { return scaled(tanh(x)); }
X second(const X &x) {
  let a = exp(x);
  return scaled(sum(a) + a);
}
const auto registered =
    model<"stale_handle">(entry<"first">(first, roles("x")), entry<"second">(second, roles("x")));
} // namespace
