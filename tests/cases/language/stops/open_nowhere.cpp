// refused: entry 'f' leaves B open, but no argument or result says what it is in a call
#include <kerf/kerf.h>

using namespace kerf;
namespace {
constexpr auto B = dim<"B">();
Tensor<f32> f(const Key &key) { return mean(normal<B>(key)); }
const auto registered =
    model<"open_nowhere">(entry<"f">(f, roles("key"), bind(B, up_to(8)), returns("y"))); // <- here
} // namespace
