// error: kerf: repeat: keeping is everything, every(k) or every_sqrt
#include <kerf/kerf.h>

using namespace kerf;

void wrong() {
  let y = repeat<5>(Tensor<f32, 3>(), [](const auto &x) { return -x; }, keeping = 4);
  (void)(y + 1);
}
