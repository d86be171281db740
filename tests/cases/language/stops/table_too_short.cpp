// error: a table of 3 numbers is given to 'tensor<2x2xf32>', which has 4 elements
#include <kerf/kerf.h>

using namespace kerf;
namespace {
constexpr auto B = dim<"B">();
Tensor<f32, B, 2> f(const Tensor<f32, B, 2> &x) {
  const Tensor<f32, B, 2> table{1, 2, 3}; // <- here
  return x + table;
}
const auto registered =
    model<"table_too_short">(entry<"f">(f, roles("x"), bind(B, 2), returns("y")));
} // namespace
