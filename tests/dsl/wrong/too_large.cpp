// error: kerf: [4294967296, 4294967296, B] has 1.8e19 elements of f32, 7.4e19 bytes, more than the
// 2^47 that a process can address
#include <kerf/kerf.h>

using namespace kerf;
inline constexpr auto B = dim<"B">();

void wrong(const Tensor<f32, 4294967296, 1, 1> &x, const Tensor<f32, 1, 4294967296, B> &y) {
  let z = x * y;
}
