// error: kerf: revive: mask is i1, a truth per row: [B, H]
#include <kerf/kerf.h>

using namespace kerf;
inline constexpr auto B = dim<"B">(), H = dim<"H">();

void wrong(Param<f32, 512, 64> &codebook, CodebookState<512, 64> &state) {
  revive(codebook, state, Tensor<f32, B, H, 64>(), Key(), mask = Tensor<i1, B>());
}
