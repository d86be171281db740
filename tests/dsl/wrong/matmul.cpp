// error: kerf: matmul: inner dimensions differ: 64 vs 128 in [B, 64] @ [128, 32]
#include <kerf/kerf.h>

using namespace kerf;
inline constexpr auto B = dim<"B">(), H = dim<"H">();

void wrong() {
  let y = matmul(Tensor<f32, B, 64>(), Tensor<f32, 128, 32>());
  let z = relu(y) * 2 + y; // one mistake, one message
  (void)sum<0>(z);
}
