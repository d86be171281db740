// error: kerf: bernoulli: p [5] does not stretch to [B, 4]
#include <kerf/kerf.h>

using namespace kerf;
inline constexpr auto B = dim<"B">();

void wrong(const Key &key, const Tensor<f32, 5> &p) {
  let y = bernoulli<B, 4>(key, p);
  (void)!y;
}
