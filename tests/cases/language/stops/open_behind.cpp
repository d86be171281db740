// refused: entry 'f' leaves B open, but 'y' has it elsewhere than in its first axis
#include <kerf/kerf.h>

using namespace kerf;
namespace {
constexpr auto B = dim<"B">();
Tensor<f32, 3, B> f(const Tensor<f32, B, 3> &x) { return rearrange<"b d -> d b">(x); }
const auto registered =
    model<"open_behind">(entry<"f">(f, roles("x"), bind(B, up_to(8)), returns("y"))); // <- here
} // namespace
