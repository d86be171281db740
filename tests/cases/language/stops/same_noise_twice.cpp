// warning: normal draws from key the same numbers as another statement; give each a key of its
#include <kerf/kerf.h>

using namespace kerf;
namespace {
constexpr auto B = dim<"B">();
using X = Tensor<f32, 4>;
X f(const Key &key) {
  let one = normal<4>(key);
  let two = normal<4>(key); // <- here
  return one - two;
}
const auto registered = model<"same_noise_twice">(entry<"f">(f, roles("key")));
} // namespace
