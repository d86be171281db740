// error: kerf: value_and_grad: arguments are counted from the first, 0
#include <kerf/kerf.h>

using namespace kerf;

void wrong(const Tensor<f32, 4> &x, const Tensor<f32, 4> &y) {
  auto loss = [](const auto &x, const auto &y) { return sum(x * y); };
  auto [value, gradient] = value_and_grad<-1>(loss)(x, y);
  (void)(value + sum(gradient));
}
