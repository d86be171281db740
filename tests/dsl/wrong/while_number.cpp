// error: kerf: while_loop: the state is a number of C++; it is a tensor, or a tree of them
#include <kerf/kerf.h>

using namespace kerf;

void wrong(const Tensor<f32, 3> &x) {
  auto [total, count] = while_loop<5>(
      0.0, [](const auto &total) { return total < 9; },
      [&](const auto &total) { return total + sum(x); });
  (void)(total + 1);
}
