// error: entry f: 'y' of what it returns has no value
#include <kerf/kerf.h>

using namespace kerf;
namespace {
using X = Tensor<f32, 4>;
X f(const X &x) {
  (void)tanh(x);
  return X();
}
const auto registered = model<"returns_unset">(entry<"f">(f, roles("x"), returns("y"))); // <- here
} // namespace
