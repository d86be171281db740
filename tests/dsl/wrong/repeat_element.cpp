// error: kerf: repeat: the function takes i64 [3] but returns f32 [3]
#include <kerf/kerf.h>

using namespace kerf;

void wrong() {
  let y = repeat<5>(Tensor<i64, 3>(), [](const auto &x) { return cast<f32>(x); });
  (void)(y + 1);
}
