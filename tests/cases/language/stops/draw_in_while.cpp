// error: this line draws the same numbers in every iteration; fold the
#include <kerf/kerf.h>

using namespace kerf;
namespace {
using X = Tensor<f32, 4>;
X f(const X &x, const Key &key) {
  auto goes_on = [](const X &x) { return sum(x) < 1; };
  auto step = [&](const X &x) { return x + normal<4>(key); };
  auto [y, n] = while_loop<5>(x, goes_on, step); // <- here
  return y * cast<f32>(n);
}
const auto registered = model<"draw_in_while">(entry<"f">(f, roles("x", "key")));
} // namespace
