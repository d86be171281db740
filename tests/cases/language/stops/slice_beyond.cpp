// error: 'kerf.slice' op [0, 264) is not inside axis 0 of [256, 8]
#include <kerf/kerf.h>

using namespace kerf;
namespace {
constexpr auto B = dim<"B">();
Tensor<f32, B + 8, 8> f(const Tensor<f32, 256, 8> &queue) {
  let oldest = take<0, 0, B + 8>(queue); // <- here
  return oldest;
}
const auto registered = model<"slice_beyond">(entry<"f">(f, roles("queue"), bind(B, 256)));
} // namespace
