// error: entry f: 'second' of what it returns has no value
#include <kerf/kerf.h>

using namespace kerf;
namespace {
using X = Tensor<f32, 4>;
struct Two {
  X first, second;
};
Two f(const X &x) {
  Two two;
  two.first = x + 1;
  return two;
}
const auto registered = model<"returns_unset_field">(entry<"f">(f, roles("x"))); // <- here
} // namespace
