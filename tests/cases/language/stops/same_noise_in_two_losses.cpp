// warning: normal draws from fold(key, 1) the same numbers as another statement; give each a key
#include <kerf/kerf.h>

using namespace kerf;
namespace {
constexpr auto B = dim<"B">();
using X = Tensor<f32, 4>;
X f(const X &x, const Key &key) {
  auto one = [&](const X &x) {
    let noise = normal<4>(fold(key, 1));
    return sum(x * noise);
  };
  auto two = [&](const X &x) {
    let noise = normal<4>(fold(key, 1)); // <- here
    return sum(exp(x) * noise);
  };
  return value_and_grad(one)(x).gradients + value_and_grad(two)(x).gradients;
}
const auto registered = model<"same_noise_in_two_losses">(entry<"f">(f, roles("x", "key")));
} // namespace
