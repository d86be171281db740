// error: x[5]: x is [4], whose first axis has the places 0 to 3, or -4 to -1 from its end
#include <kerf/kerf.h>

using namespace kerf;
namespace {
using X = Tensor<f32, 4>;
Tensor<f32> f(const X &x) {
  let y = x[5]; // <- here
  return y;
}
const auto registered = model<"subscript_outside">(entry<"f">(f, roles("x")));
} // namespace
