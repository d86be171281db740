// error: kerf: ema_update: the codebook is [512, 64], but its state is of [256, 64]
#include <kerf/kerf.h>

using namespace kerf;
inline constexpr auto B = dim<"B">(), H = dim<"H">();

void wrong(Param<f32, 512, 64> &codebook, CodebookState<256, 64> &state) {
  ema_update(codebook, state, Tensor<f32, B, 64>(), Tensor<i64, B>());
}
