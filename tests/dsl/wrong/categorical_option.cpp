// error: kerf: categorical: there is no option tau; did you mean temperature? its option is
// temperature
#include <kerf/kerf.h>

using namespace kerf;
inline constexpr auto B = dim<"B">();

void wrong(const Key &key, const Tensor<f32, B, 4> &x) {
  let y = categorical(key, x, option<"tau"> = 0.5);
  (void)(y + 1);
}
