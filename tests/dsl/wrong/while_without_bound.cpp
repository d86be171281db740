// error: kerf: while_loop: needs a bound, the most iterations: while_loop<50>(state, condition,
// body)
#include <kerf/kerf.h>

using namespace kerf;

void wrong(const Tensor<f32, 3> &x) {
  auto [y, count] = while_loop(
      x, [](const auto &x) { return sum(x) > 1; }, [](const auto &x) { return 0.5 * x; });
  (void)(y + 1);
}
