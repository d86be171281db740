// error: kerf: entry: Net cannot be made without arguments: a tree has no references
#include <kerf/kerf.h>

using namespace kerf;

struct Layer : Module {
  Param<f32, 4> scale;
};
struct Net : Module {
  Layer &layer;
};
Tensor<f32, 4> apply(const Net &net, const Tensor<f32, 4> &x) { return x * net.layer.scale; }

auto wrong() { return entry<"apply">(apply, roles("params", "x"), returns("y")); }
