// refused: entry 'f' leaves B open, but 'y' has it elsewhere than in its first axis
#include <kerf/kerf.h>

using namespace kerf;
namespace {
constexpr auto B = dim<"B">();
Tensor<f32, B, B> f(const Tensor<f32, B, 3> &x) { return einsum<"b d, c d -> b c">(x, x); }
const auto registered =
    model<"open_pairs">(entry<"f">(f, roles("x"), bind(B, up_to(8)), returns("y"))); // <- here
} // namespace
