// error: repeat: k of keeping = every(k) = 0, but must be 1 or more
#include <kerf/kerf.h>

using namespace kerf;
namespace {
using X = Tensor<f32, 4>;
X f(const X &x) {
  return repeat<5>(x, [](const X &x) { return tanh(x); }, keeping = every(0)); // <- here
}
const auto registered = model<"every_zeroth">(entry<"f">(f, roles("x")));
} // namespace
