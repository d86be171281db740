// error: kerf: checkpoint: takes a function, and gives one: checkpoint(f)(x)
#include <kerf/kerf.h>

using namespace kerf;

void wrong(const Tensor<f32, 3> &x) {
  let y = checkpoint(x)(x);
  (void)(y + 1);
}
