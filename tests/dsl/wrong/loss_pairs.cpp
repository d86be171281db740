// error: kerf: clip_loss: needs rows of [B, D], got [B, 3, 4]
#include <kerf/kerf.h>

using namespace kerf;
inline constexpr auto B = dim<"B">();

void wrong() {
  let y = clip_loss(Tensor<f32, B, 3, 4>(), Tensor<f32, B, 3, 4>(), 10);
  (void)(y + 1);
}
