// error: kerf: repeat: the function takes f32 [B, 4] but returns f32 [B]
#include <kerf/kerf.h>

using namespace kerf;
inline constexpr auto B = dim<"B">();

void wrong() {
  let y = repeat<5>(Tensor<f32, B, 4>(), [](const auto &x) { return sum<1>(x); });
  (void)(y + 1);
}
