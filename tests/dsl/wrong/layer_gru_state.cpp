// error: kerf: GRU: the first state is [2, 4] but should be [1, 2, 4]
#include <kerf/kerf.h>
#include <kerf/nn.h>

using namespace kerf;

void wrong() {
  auto [outputs, state] = nn::GRU<5, 4>()(Tensor<f32, 2, 3, 5>(), Tensor<f32, 2, 4>());
  (void)outputs;
  (void)state;
}
