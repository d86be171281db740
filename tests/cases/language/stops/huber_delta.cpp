// error: huber_loss: delta = 0, but must be above 0
#include <kerf/kerf.h>

using namespace kerf;
namespace {
using X = Tensor<f32, 4, 3>;
Tensor<f32> f(const X &x) {
  return huber_loss(x, 0 * x, 0); // <- here
}
const auto registered = model<"huber_delta">(entry<"f">(f, roles("x")));
} // namespace
