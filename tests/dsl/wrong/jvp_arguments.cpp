// error: kerf: jvp: the function and its direction stand in the first brackets, its arguments in
// the second: jvp(f, v)(x)
#include <kerf/derivatives.h>
#include <kerf/kerf.h>

using namespace kerf;

void wrong(const Tensor<f32, 3> &x) {
  auto [y, dy] = jvp([](const auto &x) { return exp(x); }, x, x);
  (void)(y + dy);
}
