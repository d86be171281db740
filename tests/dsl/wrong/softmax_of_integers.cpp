// error: kerf: softmax: x must be f32, f64, bf16 or f16, got i64
#include <kerf/kerf.h>

using namespace kerf;
inline constexpr auto B = dim<"B">();

void wrong(const Tensor<i64, B, 10> &x) {
  let y = softmax(x);
  (void)(y + 1);
}
