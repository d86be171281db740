// error: BatchNorm1d: training takes more than 1 value per channel, got [1, 4]
#include <kerf/kerf.h>
#include <kerf/nn.h>

using namespace kerf;
namespace {
Tensor<f32, 1, 4> f(nn::BatchNorm1d<4> &norm, const Tensor<f32, 1, 4> &x) {
  return norm(x, Mode::training); // <- here
}
const auto registered = model<"one_value_per_channel">(entry<"f">(f, roles("norm", "x")));
} // namespace
