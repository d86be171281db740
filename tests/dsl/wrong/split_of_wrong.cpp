// error: kerf: matmul: inner dimensions differ: 12 vs B in [B, 12] @ [B, 12]
#include <kerf/kerf.h>

using namespace kerf;
inline constexpr auto B = dim<"B">();

void wrong(const Tensor<f32, B, 12> &x) {
  auto [q, k, v] = split<-1, 3>(matmul(x, x));
  (void)(q + k + v);
}
