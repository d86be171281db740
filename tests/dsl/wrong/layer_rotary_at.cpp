// error: kerf: rotary_at: positions are a scalar, [T] or [batch..., T], got [B, 7] beside [B, 4, 6,
// 8]
#include <kerf/kerf.h>
#include <kerf/nn.h>

using namespace kerf;
inline constexpr auto B = dim<"B">();

void wrong(const Tensor<f32, B, 4, 6, 8> &q, const Tensor<i64, B, 7> &places) {
  let y = nn::rotary_at<100>(q, places);
  (void)(y + 1);
}
