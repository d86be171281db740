// error: kerf: huber_loss: needs f32, f64, bf16 or f16, got i64
#include <kerf/kerf.h>

using namespace kerf;
inline constexpr auto B = dim<"B">();

void wrong(const Tensor<i64, B> &a) {
  let y = huber_loss(a, a);
  (void)(y + 1);
}
