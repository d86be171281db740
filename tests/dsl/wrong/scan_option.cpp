// error: kerf: scan: there is no option keep; its options are reverse and keeping
#include <kerf/kerf.h>

using namespace kerf;

void wrong() {
  auto [last, all] = scan(
      Tensor<f32>(), Tensor<f32, 5>(), [](const auto &h, const auto &x) { return std::pair(x, h); },
      option<"keep"> = 3);
  (void)(last + all);
}
