// error: a value of an inner region is used outside of it
#include <kerf/kerf.h>

using namespace kerf;
namespace {
constexpr auto B = dim<"B">();
using X = Tensor<f32, 4>;
X f(const X &x) {
  X inside;
  let last = repeat<3>(x, [&](const X &x) {
    inside = tanh(x);
    return inside;
  });
  let y = last + inside; // <- here
  return y;
}
const auto registered = model<"inner_value_of_loop">(entry<"f">(f, roles("x")));
} // namespace
