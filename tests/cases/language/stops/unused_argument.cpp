// warning: entry f does not use 'scale': nothing that it returns or writes depends on it
#include <kerf/kerf.h>

using namespace kerf;
namespace {
using X = Tensor<f32, 4>;
X f(const X &x, const Tensor<f32> &scale) {
  let y = x * scale;
  return x;
}
const auto registered = model<"unused_argument">(entry<"f">(f, roles("x", "scale"))); // <- here
} // namespace
