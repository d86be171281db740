// error: kerf: pair is no aggregate, so its tensors cannot be found
#include <kerf/kerf.h>

using namespace kerf;

void wrong(const Tensor<f32, 4> &x) {
  (void)value_and_grad(
      [](const auto &x) { return std::pair<Tensor<f32>, Tensor<f32>>(sum(x), sum(x)); })(x);
}
