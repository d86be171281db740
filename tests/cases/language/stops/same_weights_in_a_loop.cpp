// warning: uniform draws from fold(key, 0) the same numbers as another statement; give each a key
#include <kerf/kerf.h>

using namespace kerf;
namespace {
constexpr auto B = dim<"B">();
using X = Tensor<f32, 4>;
struct Layer : Module {
  Param<f32, 3, 4> weight;
};
struct Net : Module {
  std::array<Layer, 3> layers;
};
void init(Net &net, const Key &key) {
  for (Layer &layer : net.layers)
    layer = initialize<Layer>(key); // <- here
}
const auto registered =
    model<"same_weights_in_a_loop">(entry<"init">(init, roles("params", "key")));
} // namespace
