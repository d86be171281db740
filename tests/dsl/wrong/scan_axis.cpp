// error: kerf: scan: an input is [5], which has no axis 1
#include <kerf/kerf.h>

using namespace kerf;

void wrong() {
  auto [last, all] = scan<1>(Tensor<f32>(), Tensor<f32, 5>(),
                             [](const auto &h, const auto &) { return std::pair(h, h); });
  (void)(last + all);
}
