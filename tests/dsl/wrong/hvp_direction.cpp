// error: kerf: hvp: the direction is f64 [4], but the argument f32 [4]
#include <kerf/derivatives.h>
#include <kerf/kerf.h>

using namespace kerf;

void wrong(const Tensor<f32, 4> &x, const Tensor<f64, 4> &v) {
  let h = hvp([](const auto &x) { return sum(x * x); }, v)(x);
  (void)(h + 1);
}
