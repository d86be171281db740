// error: kerf: scan: the function takes the state and a row of the inputs, without their axis 0,
// and may take the number of the iteration
#include <kerf/kerf.h>

using namespace kerf;

void wrong() {
  auto [last, all] =
      scan(Tensor<f32>(), Tensor<f32, 5>(), [](const auto &h) { return std::pair(h, h); });
  (void)(last + all);
}
