// error: kerf: entry: Net::scale: Scale is no aggregate, so its tensors cannot be found
#include <kerf/kerf.h>

using namespace kerf;

class Scale : public Module {
  Param<f32, 4> scale;
};
struct Net : Module {
  Scale scale;
};
Tensor<f32, 4> apply(const Net &, const Tensor<f32, 4> &x) { return x * 2; }

auto wrong() { return entry<"apply">(apply, roles("params", "x"), returns("y")); }
