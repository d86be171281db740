// error: kerf: a value that changes is declared with let, not auto
#include <kerf/kerf.h>

using namespace kerf;

void wrong() {
  const Tensor<f32, 3> h;
  auto x = relu(h);
  x = relu(x) + x;
}
