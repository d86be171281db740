// Every layer, its value and its slopes: what tests/parity/golden_layers.py has PyTorch make too.
#include <kerf/kerf.h>
#include <kerf/nn.h>

namespace layers {
using namespace kerf;
inline constexpr auto B = dim<"B">();

template <class Y, class X> struct Found {
  Y y;
  X dx;
};

/// y and the slopes of sum(y c), in the input and in the parameters.
template <class Layer, class X, class Y>
Found<Y, X> differentiated(const Layer &layer, Layer &slopes, const X &x, const Y &c) {
  const auto in_layer = [](const Layer &layer, const X &x, const Y &c) -> Tensor<f32> {
    return sum(layer(x) * c);
  };
  const auto in_x = [](const X &x, const Layer &layer, const Y &c) -> Tensor<f32> {
    return sum(layer(x) * c);
  };
  slopes = value_and_grad(in_layer)(layer, x, c).gradients;
  return {layer(x), value_and_grad(in_x)(x, layer, c).gradients};
}

/// y and the slopes of sum(y c) in the parameters.
template <class Layer, class X, class Y>
Y looked_up(const Layer &layer, Layer &slopes, const X &x, const Y &c) {
  const auto loss = [](const Layer &layer, const X &x, const Y &c) -> Tensor<f32> {
    return sum(layer(x) * c);
  };
  slopes = value_and_grad(loss)(layer, x, c).gradients;
  return layer(x);
}

using Sequence = Tensor<f32, B, 4, 9>;
using Image = Tensor<f32, B, 4, 9, 8>;
using Volume = Tensor<f32, B, 4, 5, 6, 7>;

const auto registered = model<"layers">(
    entry<"linear">(differentiated<nn::Linear<8, 5>, Tensor<f32, B, 3, 8>, Tensor<f32, B, 3, 5>>,
                    roles("linear", "linear_slopes", "x", "c"), bind(B, 2)),
    entry<"linear_without_bias">(
        differentiated<nn::Linear<8, 5, false>, Tensor<f32, B, 8>, Tensor<f32, B, 5>>,
        roles("linear_without_bias", "linear_without_bias_slopes", "x", "c"), bind(B, 2)),
    entry<"embedding">(looked_up<nn::Embedding<7, 5>, Tensor<i64, B, 3>, Tensor<f32, B, 3, 5>>,
                       roles("embedding", "embedding_slopes", "x", "c"), bind(B, 2), returns("y")),
    // In, Out, kernel, stride, padding, dilation, groups
    entry<"conv1d">(differentiated<nn::Conv1d<4, 6, 3, 2, 1, 2, 2>, Sequence, Tensor<f32, B, 6, 4>>,
                    roles("conv1d", "conv1d_slopes", "x", "c"), bind(B, 2)),
    entry<"conv2d">(differentiated<nn::Conv2d<4, 6, Both{3, 2}, Both{2, 1}, Both{1, 2}, Both{2, 3}>,
                                   Image, Tensor<f32, B, 6, 4, 9>>,
                    roles("conv2d", "conv2d_slopes", "x", "c"), bind(B, 2)),
    entry<"conv2d_same">(differentiated<nn::Conv2d<4, 6, Both{4, 3}, 1, nn::same, 1, 2, false>,
                                        Image, Tensor<f32, B, 6, 9, 8>>,
                         roles("conv2d_same", "conv2d_same_slopes", "x", "c"), bind(B, 2)),
    entry<"conv2d_depthwise">(
        differentiated<nn::Conv2d<4, 8, 3, 2, 1, Both{1, 2}, 4>, Image, Tensor<f32, B, 8, 5, 3>>,
        roles("conv2d_depthwise", "conv2d_depthwise_slopes", "x", "c"), bind(B, 2)),
    entry<"conv3d">(
        differentiated<
            nn::Conv3d<4, 6, nn::Three{3, 2, 1}, nn::Three{2, 1, 1}, 1, nn::Three{1, 2, 1}, 2>,
            Volume, Tensor<f32, B, 6, 3, 6, 9>>,
        roles("conv3d", "conv3d_slopes", "x", "c"), bind(B, 2)),
    // In, Out, kernel, stride, padding, output padding, groups, bias, dilation
    entry<"conv_transpose1d">(
        differentiated<nn::ConvTranspose1d<4, 6, 3, 2, 1, 1, 2>, Sequence, Tensor<f32, B, 6, 18>>,
        roles("conv_transpose1d", "conv_transpose1d_slopes", "x", "c"), bind(B, 2)),
    entry<"conv_transpose2d">(
        differentiated<
            nn::ConvTranspose2d<4, 6, Both{3, 4}, Both{2, 1}, Both{1, 2}, Both{1, 0}, 2, true, 2>,
            Image, Tensor<f32, B, 6, 20, 10>>,
        roles("conv_transpose2d", "conv_transpose2d_slopes", "x", "c"), bind(B, 2)),
    entry<"conv_transpose3d">(
        differentiated<nn::ConvTranspose3d<4, 6, nn::Three{3, 2, 1}, nn::Three{2, 1, 1},
                                           nn::Three{1, 0, 0}, nn::Three{1, 0, 0}, 2>,
                       Volume, Tensor<f32, B, 6, 10, 7, 7>>,
        roles("conv_transpose3d", "conv_transpose3d_slopes", "x", "c"), bind(B, 2)));
} // namespace layers
