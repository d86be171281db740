// error: kerf: einsum: needs f32, f64, bf16 or f16, got i64
#include <kerf/kerf.h>

using namespace kerf;

void wrong(const Tensor<i64, 3, 4> &x) {
  let y = einsum<"b i, b i -> b">(x, x);
  (void)(y + 1);
}
