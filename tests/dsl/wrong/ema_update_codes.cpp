// error: kerf: ema_update: rows [B, 64, 8, 8] need codes of [B, 8, 8], got [64*B]
#include <kerf/kerf.h>

using namespace kerf;
inline constexpr auto B = dim<"B">(), H = dim<"H">();

void wrong(Param<f32, 512, 64> &codebook, CodebookState<512, 64> &state) {
  ema_update<1>(codebook, state, Tensor<f32, B, 64, 8, 8>(), Tensor<i64, 64 * B>());
}
