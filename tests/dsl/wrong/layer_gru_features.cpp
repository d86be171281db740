// error: kerf: GRU: the input has 6 features on its last axis, the layer takes 5, in [2, 3, 6]
#include <kerf/kerf.h>
#include <kerf/nn.h>

using namespace kerf;

void wrong() {
  auto [outputs, state] = nn::GRU<5, 4>()(Tensor<f32, 2, 3, 6>());
  (void)outputs;
  (void)state;
}
