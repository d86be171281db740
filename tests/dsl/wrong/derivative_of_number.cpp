// error: kerf: value_and_grad: argument 1, counted from 0, is what the loss is differentiated in
#include <kerf/kerf.h>

using namespace kerf;

void wrong(const Tensor<f32, 4> &x) {
  auto evaluated = value_and_grad<1>([](const auto &x, double c) { return sum(x * c); })(x, 0.5);
  (void)evaluated;
}
