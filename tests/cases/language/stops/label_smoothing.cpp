// error: cross_entropy: label_smoothing = 1.5, but must be in [0, 1]
#include <kerf/kerf.h>

using namespace kerf;
namespace {
using X = Tensor<f32, 4, 3>;
Tensor<f32> f(const X &x) {
  return cross_entropy(x, softmax<1>(x), option<"label_smoothing"> = 1.5); // <- here
}
const auto registered = model<"label_smoothing">(entry<"f">(f, roles("x")));
} // namespace
