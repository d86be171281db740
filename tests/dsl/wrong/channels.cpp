// error: kerf: Conv2d: the input has 32 channels, the layer takes 64, in [B, 32, 8, 8]
#include <kerf/kerf.h>
#include <kerf/nn.h>

using namespace kerf;
inline constexpr auto B = dim<"B">();

struct Block : Module { // the mistake is two modules deep
  nn::Conv2d<64, 64, 3, 1, 1> conv1;
  auto operator()(const auto &x) const { return x + relu(conv1(x)); } // <- here
};
struct Encoder : Module {
  std::array<Block, 2> blocks;
};

void wrong() {
  let y = Encoder().blocks[0](Tensor<f32, B, 32, 8, 8>());
  (void)sum<1>(y);
}
