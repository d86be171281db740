// error: a value of an inner region is used outside of it
#include <kerf/kerf.h>

using namespace kerf;
namespace {
constexpr auto B = dim<"B">();
using X = Tensor<f32, 4>;
X f(const X &x) {
  X inside;
  auto loss = [&](const X &x) {
    inside = tanh(x);
    return sum(inside);
  };
  auto [value, gradient] = value_and_grad(loss)(x);
  let y = gradient + inside; // <- here
  return y + inside;
}
const auto registered = model<"inner_value">(entry<"f">(f, roles("x")));
} // namespace
