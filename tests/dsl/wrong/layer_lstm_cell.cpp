// error: kerf: LSTM: takes both a first state and a first cell, or none
#include <kerf/kerf.h>
#include <kerf/nn.h>

using namespace kerf;

void wrong() {
  auto [outputs, state] = nn::LSTM<5, 4>()(Tensor<f32, 2, 3, 5>(), Tensor<f32, 1, 2, 4>());
  (void)outputs;
  (void)state;
}
