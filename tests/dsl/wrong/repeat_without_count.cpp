// error: kerf: repeat: how often stands in angle brackets: repeat<20>(state, body)
#include <kerf/kerf.h>

using namespace kerf;

void wrong(const Tensor<f32, 3> &x) {
  let y = repeat(20, x, [](const auto &x) { return -x; });
  (void)(y + 1);
}
