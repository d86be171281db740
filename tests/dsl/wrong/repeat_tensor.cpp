// error: kerf: how often a loop runs is known when the model is compiled, and this is a tensor
// then: repeat
#include <kerf/kerf.h>

using namespace kerf;

void wrong(const Tensor<f32, 3> &x) {
  const Tensor<i64> n;
  let y = repeat<n>(x, [](const auto &x) { return -x; });
  (void)(y + 1);
}
