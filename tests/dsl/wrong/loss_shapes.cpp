// error: kerf: mse: shapes differ: [B, 1] and [B]
#include <kerf/kerf.h>

using namespace kerf;
inline constexpr auto B = dim<"B">();

void wrong() {
  let y = mse(Tensor<f32, B, 1>(), Tensor<f32, B>());
  (void)(y + 1);
}
