// error: kerf: ema_update: the state is bf16, but that of a codebook of bf16 is f32, as ema_state
// makes it
#include <kerf/kerf.h>

using namespace kerf;

void wrong(Tensor<bf16, 8, 4> &codebook, CodebookState<8, 4, bf16> &state,
           const Tensor<bf16, 5, 4> &z) {
  ema_update(codebook, state, z, vq(z, codebook).codes);
}
