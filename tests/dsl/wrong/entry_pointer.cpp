// error: kerf: entry: Net::layer: a field is a pointer to Layer: a tree holds its tensors by value
#include <kerf/kerf.h>

using namespace kerf;

struct Layer : Module {
  Param<f32, 4> scale;
};
struct Net : Module {
  Layer *layer;
};
Tensor<f32, 4> apply(const Net &net, const Tensor<f32, 4> &x) { return x * net.layer->scale; }

auto wrong() { return entry<"apply">(apply, roles("params", "x")); }
