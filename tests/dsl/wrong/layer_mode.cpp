// error: kerf: BatchNorm2d: a call has a mode behind x: (x, Mode::training) in training,
#include <kerf/kerf.h>
#include <kerf/nn.h>

using namespace kerf;
inline constexpr auto B = dim<"B">();

void wrong(const Tensor<f32, B, 4, 8, 8> &x) {
  nn::BatchNorm2d<4> layer;
  let y = layer(x);
  (void)(y + 1);
}
