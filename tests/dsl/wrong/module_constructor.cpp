// error: kerf: entry: Whole::scaled: Scaled is no aggregate, so its tensors cannot be found
#include <kerf/kerf.h>

using namespace kerf;

struct Scaled : Module {
  Scaled() {}
  Param<f32, 4> scale = init::ones();
};
struct Whole : Module {
  Scaled scaled;
  Param<f32, 4> bias;
};
Tensor<f32, 4> f(const Whole &w, const Tensor<f32, 4> &x) { return x * w.scaled.scale + w.bias; }

const auto wrong = model<"wrong">(entry<"f">(f, roles("params", "x")));
