// error: kerf: repeat: the state is a number of C++; it is a tensor, or a tree of them
#include <kerf/kerf.h>

using namespace kerf;

void wrong(const Tensor<f32, 3> &x) {
  let y = repeat<5>(0.0, [&](const auto &total) { return total + sum(x); });
  (void)(y + 1);
}
