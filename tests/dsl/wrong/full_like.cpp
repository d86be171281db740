// error: kerf: full_like: a fraction given to a tensor of integers
#include <kerf/kerf.h>

using namespace kerf;

void wrong(const Tensor<i64, 4> &x) {
  let y = full_like<i64>(x, 1.5);
  (void)(y + 1);
}
