// error: kerf: entry: roles() gives 2 names, but the function takes 3 arguments
#include <kerf/kerf.h>

using namespace kerf;

struct Model : Module {
  Param<f32, 4> weight;
};
Tensor<f32, 4> infer(const Model &model, const Tensor<f32, 4> &x, const Tensor<f32, 4> &y) {
  return model.weight * x + y;
}

const auto registered = model<"wrong">(entry<"infer">(infer, roles("params", "x"), bind()));
