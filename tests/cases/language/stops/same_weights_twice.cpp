// warning: uniform draws from fold(key, 0) the same numbers as another statement; give each a key
#include <kerf/kerf.h>

using namespace kerf;
namespace {
constexpr auto B = dim<"B">();
using X = Tensor<f32, 4>;
struct Net : Module {
  Param<f32, 3, 4> a, b;
};
struct Two : Module {
  Net first, second;
};
void init(Two &nets, const Key &key) {
  nets.first = initialize<Net>(key);
  nets.second = initialize<Net>(key); // <- here
}
const auto registered = model<"same_weights_twice">(entry<"init">(init, roles("params", "key")));
} // namespace
