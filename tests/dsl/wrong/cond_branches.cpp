// error: kerf: cond: one branch returns f32 [3], the other one f32 []
#include <kerf/kerf.h>

using namespace kerf;

void wrong() {
  const Tensor<f32, 3> x;
  let y = cond(sum(x) > 0, [&] { return -x; }, [&] { return sum(x); });
  (void)(y + 1);
}
