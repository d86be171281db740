// error: kerf: scan: an input is [4, 3], which has 4 rows along axis 0 where another has 5
#include <kerf/kerf.h>

using namespace kerf;

void wrong() {
  auto [last, all] =
      scan(Tensor<f32>(), std::tuple(Tensor<f32, 5>(), Tensor<f32, 4, 3>()),
           [](const auto &h, const auto &row) { return std::pair(h + std::get<0>(row), h); });
  (void)(last + all);
}
