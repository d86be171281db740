// error: kerf: cond: the predicate gives i1 [3]; it gives a scalar of i1
#include <kerf/kerf.h>

using namespace kerf;

void wrong() {
  const Tensor<f32, 3> x;
  let y = cond(x > 0, [&] { return -x; }, [&] { return x; });
  (void)(y + 1);
}
