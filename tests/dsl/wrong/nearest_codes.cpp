// error: kerf: nearest_codes: it gives 1 to 50 of the codes [50, 24], not 51
#include <kerf/kerf.h>

using namespace kerf;

void wrong(const Tensor<f32, 37, 24> &z, const Tensor<f32, 50, 24> &e) {
  (void)nearest_codes<51>(z, e);
}
