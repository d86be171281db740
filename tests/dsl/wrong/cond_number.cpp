// error: kerf: cond: the predicate is a number of C++, which is known when the model is compiled
#include <kerf/kerf.h>

using namespace kerf;

void wrong(const Tensor<f32, 3> &x) {
  let y = cond(true, [&] { return -x; }, [&] { return x; });
  (void)(y + 1);
}
