// error: kerf: scan: an output is [], which cannot be stacked along axis 1
#include <kerf/kerf.h>

using namespace kerf;

void wrong() {
  auto [last, all] = scan<1>(Tensor<f32>(), Tensor<f32, 3, 5>(),
                             [](const auto &h, const auto &x) { return std::pair(h + sum(x), h); });
  (void)(last + all);
}
