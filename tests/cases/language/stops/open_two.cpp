// error: entry f: bind(C, up_to(8)): one dim of an entry may be open, and B is
#include <kerf/kerf.h>

using namespace kerf;
namespace {
constexpr auto B = dim<"B">();
constexpr auto C = dim<"C">();
Tensor<f32> f(const Tensor<f32, B, C> &x) { return sum(x); }
const auto registered = model<"open_two">(
    entry<"f">(f, roles("x"), bind(B, up_to(8), C, up_to(8)), returns("y"))); // <- here
} // namespace
