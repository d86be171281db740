// error: -1 is no u32, which holds whole numbers from 0 to 4294967295
#include <kerf/kerf.h>

using namespace kerf;
namespace {
constexpr auto B = dim<"B">();
using X = Tensor<f32, 4>;
Tensor<u32, 2> f(const Tensor<u32, 2> &x) {
  let y = x + -1; // <- here
  return y;
}
const auto registered = model<"negative_u32">(entry<"f">(f, roles("x")));
} // namespace
