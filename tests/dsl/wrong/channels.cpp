// error: kerf: conv: input has 32 channels, the filter expects 64, in [B, 32, 8, 8] * [64, 64, 3,
// 3]
#include "models/layers.h"

using namespace kerf;
using models::B;

struct Block : Module { // the mistake is two modules deep
  models::Conv2d<64, 64, 3, 1, 1> conv1;
  auto operator()(const auto &x) const { return x + relu(conv1(x)); } // <- here
};
struct Encoder : Module {
  std::array<Block, 2> blocks;
};

void wrong() {
  let y = Encoder().blocks[0](Tensor<f32, B, 32, 8, 8>());
  (void)sum<1>(y);
}
