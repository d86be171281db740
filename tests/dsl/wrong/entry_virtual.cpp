// error: kerf: entry: argument 1: Net is no aggregate, so its tensors cannot be found
#include <kerf/kerf.h>

using namespace kerf;

struct Net : Module {
  Param<f32, 4> scale;
  virtual ~Net() = default;
};
Tensor<f32, 4> apply(const Net &net, const Tensor<f32, 4> &x) { return x * net.scale; }

auto wrong() { return entry<"apply">(apply, roles("params", "x")); }
