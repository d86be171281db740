// error: kerf: ema_update: there is no option threshold; its options are decay
#include <kerf/kerf.h>

using namespace kerf;
inline constexpr auto B = dim<"B">(), H = dim<"H">();

void wrong(Param<f32, 512, 64> &codebook, CodebookState<512, 64> &state) {
  ema_update(codebook, state, Tensor<f32, B, 64>(), Tensor<i64, B>(), threshold = 1);
}
