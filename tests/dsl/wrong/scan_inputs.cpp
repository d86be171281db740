// error: kerf: scan: there is no tensor among the inputs; arange<T>() is one of T numbers
#include <kerf/kerf.h>

using namespace kerf;

void wrong() {
  auto [last, all] = scan(Tensor<f32>(), std::tuple(),
                          [](const auto &h, const auto &) { return std::pair(h, h); });
  (void)(last + all);
}
