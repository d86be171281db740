// error: entry f: bind(B, 4611686018427387904): a named dim is below 2^31
#include <kerf/kerf.h>

using namespace kerf;
namespace {
constexpr auto B = dim<"B">();
using X = Tensor<f32, B>;
X f(const X &x) { return x; }
const auto registered =
    model<"bind_huge">(entry<"f">(f, roles("x"), bind(B, 1LL << 62))); // <- here
} // namespace
