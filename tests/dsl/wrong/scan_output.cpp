// error: kerf: scan: the function returns the next state and an output, std::pair(state, output)
#include <kerf/kerf.h>

using namespace kerf;

void wrong() {
  auto [last, all] =
      scan(Tensor<f32>(), Tensor<f32, 5>(), [](const auto &h, const auto &x) { return h + x; });
  (void)(last + all);
}
