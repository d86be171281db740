// error: kerf: checkpoint: the function cannot be called with the 2 arguments that it is given
#include <kerf/kerf.h>

using namespace kerf;

void wrong(const Tensor<f32, 3> &x) {
  let y = checkpoint([](const auto &x) { return exp(x); })(x, x);
  (void)(y + 1);
}
