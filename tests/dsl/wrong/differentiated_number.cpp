// error: kerf: value_and_grad: the first argument is what the loss is differentiated in
#include <kerf/kerf.h>

using namespace kerf;

void wrong(const Tensor<f32, 4> &x) {
  (void)value_and_grad([](double, const auto &x) { return sum(x); })(0.5, x);
}
