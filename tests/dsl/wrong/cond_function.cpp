// error: kerf: cond: its branches are functions without arguments, as in cond(p, [&] { return a; },
// [&] { return b; })
#include <kerf/kerf.h>

using namespace kerf;

void wrong() {
  const Tensor<f32, 3> x;
  let y = cond(sum(x) > 0, -x, x);
  (void)(y + 1);
}
