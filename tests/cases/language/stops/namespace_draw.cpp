// error: a tensor is computed outside of any entry
#include <kerf/kerf.h>

using namespace kerf;
namespace {
constexpr auto B = dim<"B">();
using X = Tensor<f32, 4>;
const Key key = [] {
  Key made;
  return made;
}();
const X noise = normal<4>(Key::from(0)); // <- here
X f(const X &x) { return x * noise; }
const auto registered = model<"namespace_draw">(entry<"f">(f, roles("x")));
} // namespace
