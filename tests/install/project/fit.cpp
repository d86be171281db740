// Fits y = 3 x - 1 by the compiled model, and says what it found.
#include <line.h> // the generated one, not the model beside this file

#include <array>
#include <cmath>
#include <cstdio>

int main() {
  // [example]
  kerf::Context context(line::arena_bytes); // on all CPUs; (line::arena_bytes, 1) on one
  kerf::Block<line::Params> params;
  kerf::Block<line::Adam> adam;
  line::init(context, params, adam);
  // [example]

  std::array<float, line::FitStepX::size> x, y;
  static_assert(line::FitStepX::shape[0] == 8);
  for (std::size_t i = 0; i < x.size(); ++i) {
    x[i] = float(i) / float(x.size());
    y[i] = 3 * x[i] - 1;
  }
  // [example]
  float loss = 0;
  for (int step = 0; step < line::steps; ++step)
    loss = line::fit_step(context, params, adam, x, y).loss;
  // [example]

  std::array<float, 2> at{0, 1}, prediction;
  line::predict(context, params, at, prediction);
  std::printf("loss %.3g: y = %.2f x + %.2f, and %.2f at 1\n", loss, params->slope(0, 0),
              params->intercept(0), prediction[1]);
  return std::fabs(params->slope(0, 0) - 3) < 0.05f && std::fabs(prediction[1] - 2) < 0.05f ? 0 : 1;
}
