// error: dim B has no value here: bind it in the entry table, as in bind(B, 32)
#include <kerf/kerf.h>

using namespace kerf;
namespace {
constexpr auto B = dim<"B">();
using X = Tensor<f32, 4>;
Tensor<f32> f(const Tensor<f32, B, 4> &x) { return sum(x); }
const auto registered = model<"bind_missing">(entry<"f">(f, roles("x"))); // <- here
} // namespace
