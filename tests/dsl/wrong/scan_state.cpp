// error: kerf: scan: the function takes f32 [B] but returns f32 [B, 3]
#include <kerf/kerf.h>

using namespace kerf;
inline constexpr auto B = dim<"B">();

void wrong() {
  auto [last, all] = scan(Tensor<f32, B>(), Tensor<f32, 5, B, 3>(),
                          [](const auto &, const auto &x) { return std::pair(x, x); });
  (void)(last + all);
}
