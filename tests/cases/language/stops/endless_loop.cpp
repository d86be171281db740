// error: entry f does not end: it has more than 2000000 operations
#include <kerf/kerf.h>

using namespace kerf;
namespace {
constexpr auto B = dim<"B">();
using X = Tensor<f32, 4>;
X f(const X &x) {
  let y = x;
  for (volatile bool go = true; go;)
    y = tanh(x); // <- here
  return y;
}
const auto registered = model<"endless_loop">(entry<"f">(f, roles("x")));
} // namespace
