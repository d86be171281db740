// error: kerf: value_and_grad: the gradient is to be taken in argument 2, counted from 0
#include <kerf/kerf.h>

using namespace kerf;

void wrong(const Tensor<f32, 4> &x, const Tensor<f32, 4> &y) {
  auto loss = [](const auto &x, const auto &y) { return sum(x * y); };
  auto [value, gradients] = value_and_grad<0, 2>(loss)(x, y);
  auto [dx, dy] = gradients;
  (void)(value + sum(dx + dy));
}
