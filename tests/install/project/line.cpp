#include "line.h"

namespace fitting {
namespace {

inline constexpr auto B = dim<"B">();
template <Dim Batch> using Points = Tensor<f32, Batch, 1>;

void init(Line &line, Adam<Line> &adam) {
  line = zeros<Line>();
  adam = zeros<Adam<Line>>();
}

Tensor<f32> fit_step(Line &line, Adam<Line> &adam, const Points<B> &x, const Points<B> &y) {
  auto loss = [](const Line &line, const auto &x, const auto &y) {
    let error = mse(line(x), y);
    return error;
  };
  auto [value, gradients] = value_and_grad(loss)(line, x, y);
  adam_step(line, gradients, adam, rate = 0.05);
  return value;
}

Points<B> predict(const Line &line, const Points<B> &x) { return line(x); }

// [example]
const auto registered = model<"line">(
    entry<"init">(init, roles("params", "adam")),
    entry<"fit_step">(fit_step, roles("params", "adam", "x", "y"), bind(B, 32), returns("loss")),
    entry<"predict">(predict, roles("params", "x"), bind(B, 2), returns("y")),
    constant("steps", 400));
// [example]

} // namespace
} // namespace fitting
