// error: a value of an inner region is used outside of it
#include <kerf/kerf.h>

using namespace kerf;
namespace {
using X = Tensor<f32, 4>;
X f(const X &x) {
  X inside;
  let y = cond( // <- here
      sum(x) > 0,
      [&] {
        inside = tanh(x);
        return inside;
      },
      [&] { return inside; });
  return y;
}
const auto registered = model<"inner_value_of_branch">(entry<"f">(f, roles("x")));
} // namespace
