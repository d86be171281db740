// error: kerf: while_loop: the condition gives i1 [3]; it gives a scalar of i1
#include <kerf/kerf.h>

using namespace kerf;

void wrong() {
  auto [x, iterations] = while_loop<5>(
      Tensor<f32, 3>(), [](const auto &x) { return x < 1; }, [](const auto &x) { return -x; });
  (void)(x + cast<f32>(iterations));
}
