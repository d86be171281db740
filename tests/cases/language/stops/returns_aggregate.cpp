// error: entry f: returns("y") names one tensor, but the function returns an aggregate
#include <kerf/kerf.h>

using namespace kerf;
namespace {
constexpr auto B = dim<"B">();
using X = Tensor<f32, 4>;
struct Two {
  X a, b;
};
Two f(const X &x) { return {x + 1, x + 2}; }
const auto registered =
    model<"returns_aggregate">(entry<"f">(f, roles("x"), returns("y"))); // <- here
} // namespace
