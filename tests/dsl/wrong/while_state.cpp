// error: kerf: while_loop: the function takes f32 [3] but returns f32 []
#include <kerf/kerf.h>

using namespace kerf;

void wrong() {
  auto [x, iterations] = while_loop<5>(
      Tensor<f32, 3>(), [](const auto &x) { return sum(x) < 1; },
      [](const auto &x) { return sum(x); });
  (void)(x + cast<f32>(iterations));
}
