// error: entry f: bind(B, up_to(1)): an open dim has several values; write bind(B, 1)
#include <kerf/kerf.h>

using namespace kerf;
namespace {
constexpr auto B = dim<"B">();
Tensor<f32> f(const Tensor<f32, B, 4> &x) { return sum(x); }
const auto registered =
    model<"open_one">(entry<"f">(f, roles("x"), bind(B, up_to(1)), returns("y"))); // <- here
} // namespace
