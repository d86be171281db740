// error: kerf: Conv1d: a kernel of [5] with dilation [2] and padding [1] does not fit into [B, 3,
// 6]
#include <kerf/kerf.h>
#include <kerf/nn.h>

using namespace kerf;
inline constexpr auto B = dim<"B">();

void wrong() {
  nn::Conv1d<3, 4, 5, 1, 1, 2> layer;
  let y = layer(Tensor<f32, B, 3, 6>());
  (void)(y + 1);
}
