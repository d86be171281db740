// error: kerf: jvp: the direction is f32 [3], but the argument f32 [4]
#include <kerf/derivatives.h>
#include <kerf/kerf.h>

using namespace kerf;

void wrong(const Tensor<f32, 4> &x, const Tensor<f32, 3> &v) {
  auto [y, t] = jvp([](const auto &x) { return exp(x); }, v)(x);
  (void)(y + t);
}
