// error: 1.84467440737096e+19 is no i64
#include <kerf/kerf.h>

using namespace kerf;
namespace {
constexpr auto B = dim<"B">();
using X = Tensor<f32, 4>;
Tensor<i64, 4> f(const Tensor<i64, 4> &x) {
  let y = x + 18446744073709551615u; // <- here
  return y;
}
const auto registered = model<"unsigned_in_i64">(entry<"f">(f, roles("x")));
} // namespace
