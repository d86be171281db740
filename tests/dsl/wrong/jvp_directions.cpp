// error: kerf: jvp: the direction is a tuple of 2, but the argument f32 [3]
#include <kerf/derivatives.h>
#include <kerf/kerf.h>

using namespace kerf;

void wrong(const Tensor<f32, 3> &x) {
  auto f = [](const auto &x, const auto &z) { return x * z; };
  auto [y, dy] = jvp(f, std::tuple(x, x))(x, x);
  (void)(y + dy);
}
