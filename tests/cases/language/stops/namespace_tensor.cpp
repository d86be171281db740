// error: a tensor is computed outside of any entry
#include <kerf/kerf.h>

using namespace kerf;
namespace {
constexpr auto B = dim<"B">();
using X = Tensor<f32, 4>;
const Tensor<f32> half = 0.5; // <- here
X f(const X &x) { return x * half; }
const auto registered = model<"namespace_tensor">(entry<"f">(f, roles("x")));
} // namespace
