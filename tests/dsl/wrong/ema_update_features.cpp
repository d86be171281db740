// error: kerf: ema_update: rows have 8 features along axis 3 of [B, 64, 8, 8], but the codes are
// [512, 64]
#include <kerf/kerf.h>

using namespace kerf;
inline constexpr auto B = dim<"B">(), H = dim<"H">();

void wrong(Param<f32, 512, 64> &codebook, CodebookState<512, 64> &state) {
  ema_update(codebook, state, Tensor<f32, B, 64, 8, 8>(), Tensor<i64, B, 8, 8>());
}
