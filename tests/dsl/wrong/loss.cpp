// error: kerf: value_and_grad: the loss must be a scalar, got [B, 4]
#include <kerf/kerf.h>

using namespace kerf;
inline constexpr auto B = dim<"B">();

struct Model : Module {
  Param<f32, 4> weight;
};

void wrong() {
  auto loss = [](const Model &model, const auto &x) { return square(x * model.weight); };
  auto [value, gradients] = value_and_grad(loss)(Model(), Tensor<f32, B, 4>());
  (void)(value + 1);
}
