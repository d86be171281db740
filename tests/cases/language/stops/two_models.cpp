// error: this program has the models one, two_models; say which by --model
#include <kerf/kerf.h>

using namespace kerf;
namespace {
constexpr auto B = dim<"B">();
using X = Tensor<f32, 4>;
X f(const X &x) { return x + 1; }
const auto one = model<"one">(entry<"f">(f, roles("x")));
const auto two = model<"two_models">(entry<"f">(f, roles("x")));
} // namespace
