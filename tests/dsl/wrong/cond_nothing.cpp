// error: kerf: cond: a branch returns nothing; both return a tensor
#include <kerf/kerf.h>

using namespace kerf;

void wrong(const Tensor<f32, 3> &x) {
  auto double_it = [&] { (void)(2 * x); };
  let y = cond(sum(x) > 0, double_it, double_it);
  (void)(y + 1);
}
