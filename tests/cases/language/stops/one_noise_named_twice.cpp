// nothing
#include <kerf/kerf.h>

using namespace kerf;
namespace {
constexpr auto B = dim<"B">();
using X = Tensor<f32, 4>;
// None of these is a mistake: a statement that names a draw twice, a draw that let names, keys that
// are folded, and a loss that is evaluated again for its gradient.
X f(const X &x, const Key &key) {
  const auto drawn = normal<4>(key);
  let squared = drawn * drawn;
  let noise = normal<4>(fold(key, 1));
  let a = x + noise;
  let b = a * noise;
  auto loss = [&](const auto &x) {
    let mask = uniform<4>(fold(key, 2));
    return sum(x * x * mask);
  };
  let before = loss(x);
  let slope = value_and_grad(loss)(x).gradients;
  let along =
      value_and_grad([&](const auto &x) { return sum(value_and_grad(loss)(x).gradients * x); })(x)
          .gradients;
  let parts = squared;
  for (int i = 0; i < 3; ++i)
    parts = parts + normal<4>(fold(key, 3 + i));
  return parts + b + before + slope + along;
}
const auto registered = model<"one_noise_named_twice">(entry<"f">(f, roles("x", "key")));
} // namespace
