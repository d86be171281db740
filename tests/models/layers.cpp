// Layers that take their input alone, each one's value and its slopes: what
// tests/parity/golden_layers.py has PyTorch make too.
#include "tests/models/differentiated.h"

namespace layers {

template <class X> Found<X, X> dropped(const X &x, const X &c, const Key &key) {
  const auto loss = [&](const X &x, const X &c) -> Outcome<X> {
    let h = nn::Dropout{.p = 0.3}(x, Mode::training, fold(key, 0));
    let y = nn::StochasticDepth()(nn::Dropout()(h, Mode::inference), Mode::training, fold(key, 1));
    return {sum(y * c), y};
  };
  auto [outcome, dx] = value_and_grad(loss)(x, c);
  return {outcome.y, dx};
}

struct LayerNormWithoutAffine {
  auto operator()(const auto &x) const { return nn::LayerNorm<5, false>{.epsilon = 1e-3}(x); }
};
struct RmsNormWithoutAffine {
  auto operator()(const auto &x) const {
    return nn::RMSNorm<Shape::of(3, 5), false>{.epsilon = 1e-3}(x);
  }
};

/// Outputs, and behind them the states of all layers.
auto with_states(const auto &outputs, const auto &...states) {
  return concat<1>(outputs, rearrange<"l b h -> b l h">(states)...);
}
constexpr auto recur = [](const auto &layer, const auto &x) {
  auto [outputs, state] = layer(x);
  return with_states(outputs, state);
};
/// From a state, which is the first steps of the input.
constexpr auto recur_from = [](const auto &layer, const auto &x) {
  auto [outputs, state] = layer(x, rearrange<"b l h -> l b h">(take<1, 0, 2>(x)));
  return with_states(outputs, state);
};
constexpr auto recur_with_cell = [](const auto &layer, const auto &x) {
  let h = rearrange<"b l h -> l b h">(take<1, 0, 2>(x));
  let c = rearrange<"b l h -> l b h">(take<1, 2, 4>(x));
  auto [outputs, state] = layer(x, std::tuple(h, c)); // as a call gives them
  static_assert(std::is_same_v<decltype(layer(x, h, c).state), decltype(state)>);
  return with_states(outputs, std::get<0>(state), std::get<1>(state));
};
/// The input, the state and the cell are one tensor.
constexpr auto one_step = [](const auto &cell, const auto &x) {
  return cell(take<1, 0, 5>(x), take<1, 5, 9>(x));
};
constexpr auto one_step_with_cell = [](const auto &cell, const auto &x) {
  auto [h, c] = cell(take<1, 0, 5>(x), take<1, 5, 9>(x), take<1, 9, 13>(x));
  return concat<1>(h, c);
};

using Flat = Tensor<f32, B, 5>;
using Table = Tensor<f32, B, 3, 5>;
using Sequence = Tensor<f32, B, 4, 9>;
using Steps = Tensor<f32, B, 4, 5>;
using Image = Tensor<f32, B, 4, 9, 8>;
using Cube = Tensor<f32, B, 4, 2, 3, 4>;
using Volume = Tensor<f32, B, 4, 5, 6, 7>;

const auto registered = model<"layers">(
    entry<"linear">(
        differentiated<const nn::Linear<8, 5>, Tensor<f32, B, 3, 8>, Tensor<f32, B, 3, 5>>,
        roles("linear", "linear_slopes", "x", "c"), bind(B, 2)),
    entry<"linear_without_bias">(
        differentiated<const nn::Linear<8, 5, false>, Tensor<f32, B, 8>, Tensor<f32, B, 5>>,
        roles("linear_without_bias", "linear_without_bias_slopes", "x", "c"), bind(B, 2)),
    entry<"embedding">(looked_up<nn::Embedding<7, 5>, Tensor<i64, B, 3>, Tensor<f32, B, 3, 5>>,
                       roles("embedding", "embedding_slopes", "x", "c"), bind(B, 2), returns("y")),
    // In, Out, kernel, stride, padding, dilation, groups
    entry<"conv1d">(
        differentiated<const nn::Conv1d<4, 6, 3, 2, 1, 2, 2>, Sequence, Tensor<f32, B, 6, 4>>,
        roles("conv1d", "conv1d_slopes", "x", "c"), bind(B, 2)),
    entry<"conv2d">(
        differentiated<const nn::Conv2d<4, 6, Both{3, 2}, Both{2, 1}, Both{1, 2}, Both{2, 3}>,
                       Image, Tensor<f32, B, 6, 4, 9>>,
        roles("conv2d", "conv2d_slopes", "x", "c"), bind(B, 2)),
    entry<"conv2d_same">(
        differentiated<const nn::Conv2d<4, 6, Both{4, 3}, 1, nn::same, 1, 2, false>, Image,
                       Tensor<f32, B, 6, 9, 8>>,
        roles("conv2d_same", "conv2d_same_slopes", "x", "c"), bind(B, 2)),
    entry<"conv2d_depthwise">(differentiated<const nn::Conv2d<4, 8, 3, 2, 1, Both{1, 2}, 4>, Image,
                                             Tensor<f32, B, 8, 5, 3>>,
                              roles("conv2d_depthwise", "conv2d_depthwise_slopes", "x", "c"),
                              bind(B, 2)),
    entry<"conv3d">(differentiated<const nn::Conv3d<4, 6, nn::Three{3, 2, 1}, nn::Three{2, 1, 1}, 1,
                                                    nn::Three{1, 2, 1}, 2>,
                                   Volume, Tensor<f32, B, 6, 3, 6, 9>>,
                    roles("conv3d", "conv3d_slopes", "x", "c"), bind(B, 2)),
    // In, Out, kernel, stride, padding, output padding, groups, bias, dilation
    entry<"conv_transpose1d">(differentiated<const nn::ConvTranspose1d<4, 6, 3, 2, 1, 1, 2>,
                                             Sequence, Tensor<f32, B, 6, 18>>,
                              roles("conv_transpose1d", "conv_transpose1d_slopes", "x", "c"),
                              bind(B, 2)),
    entry<"conv_transpose2d">(
        differentiated<const nn::ConvTranspose2d<4, 6, Both{3, 4}, Both{2, 1}, Both{1, 2},
                                                 Both{1, 0}, 2, true, 2>,
                       Image, Tensor<f32, B, 6, 20, 10>>,
        roles("conv_transpose2d", "conv_transpose2d_slopes", "x", "c"), bind(B, 2)),
    entry<"conv_transpose3d">(
        differentiated<const nn::ConvTranspose3d<4, 6, nn::Three{3, 2, 1}, nn::Three{2, 1, 1},
                                                 nn::Three{1, 0, 0}, nn::Three{1, 0, 0}, 2>,
                       Volume, Tensor<f32, B, 6, 10, 7, 7>>,
        roles("conv_transpose3d", "conv_transpose3d_slopes", "x", "c"), bind(B, 2)),
    entry<"layer_norm">(differentiated<const nn::LayerNorm<5>, Table, Table>,
                        roles("layer_norm", "layer_norm_slopes", "x", "c"), bind(B, 2)),
    entry<"layer_norm_of_two_axes">(
        differentiated<const nn::LayerNorm<Shape::of(3, 5), true, false>, Table, Table>,
        roles("layer_norm_of_two_axes", "layer_norm_of_two_axes_slopes", "x", "c"), bind(B, 2)),
    entry<"rms_norm">(differentiated<const nn::RMSNorm<5>, Table, Table>,
                      roles("rms_norm", "rms_norm_slopes", "x", "c"), bind(B, 2)),
    entry<"layer_norm_without_affine">(parameterless<LayerNormWithoutAffine, Table, Table>,
                                       roles("x", "c"), bind(B, 2)),
    entry<"rms_norm_without_affine">(parameterless<RmsNormWithoutAffine, Table, Table>,
                                     roles("x", "c"), bind(B, 2)),
    entry<"group_norm_without_affine">(
        parameterless<nn::GroupNorm<4, 4, false>, Sequence, Sequence>, roles("x", "c"), bind(B, 2)),
    entry<"instance_norm1d">(parameterless<nn::InstanceNorm1d<4>, Sequence, Sequence>,
                             roles("x", "c"), bind(B, 2)),
    entry<"instance_norm3d">(differentiated<const nn::InstanceNorm3d<4, true>, Cube, Cube>,
                             roles("instance_norm3d", "instance_norm3d_slopes", "x", "c"),
                             bind(B, 2)),
    entry<"batch_norm1d_of_sequences">(
        differentiated<nn::BatchNorm1d<4>, Sequence, Sequence, train>,
        roles("batch_norm1d_of_sequences", "batch_norm1d_of_sequences_slopes", "x", "c"),
        bind(B, 2)),
    entry<"group_norm">(differentiated<const nn::GroupNorm<2, 4>, Image, Image>,
                        roles("group_norm", "group_norm_slopes", "x", "c"), bind(B, 2)),
    entry<"instance_norm2d">(differentiated<const nn::InstanceNorm2d<4, true>, Image, Image>,
                             roles("instance_norm2d", "instance_norm2d_slopes", "x", "c"),
                             bind(B, 2)),
    entry<"batch_norm1d">(differentiated<nn::BatchNorm1d<5>, Flat, Flat, train>,
                          roles("batch_norm1d", "batch_norm1d_slopes", "x", "c"), bind(B, 7)),
    entry<"batch_norm2d">(differentiated<nn::BatchNorm2d<4>, Image, Image, train>,
                          roles("batch_norm2d", "batch_norm2d_slopes", "x", "c"), bind(B, 2)),
    entry<"batch_norm2d_inference">(
        differentiated<const nn::BatchNorm2d<4>, Image, Image, infer>,
        roles("batch_norm2d_inference", "batch_norm2d_inference_slopes", "x", "c"), bind(B, 2)),
    entry<"batch_norm3d_without_affine">(
        differentiated<nn::BatchNorm3d<4, false>, Volume, Volume, train>,
        roles("batch_norm3d_without_affine", "batch_norm3d_without_affine_slopes", "x", "c"),
        bind(B, 2)),
    entry<"mlp">(differentiated<const nn::MLP<5, 7, 4>, Table, Tensor<f32, B, 3, 4>>,
                 roles("mlp", "mlp_slopes", "x", "c"), bind(B, 2)),
    entry<"mlp_of_tanh">(
        differentiated<const nn::MLP<5, 7, 4, nn::Activation::tanh>, Table, Tensor<f32, B, 3, 4>>,
        roles("mlp_of_tanh", "mlp_of_tanh_slopes", "x", "c"), bind(B, 2)),
    entry<"geglu">(differentiated<const nn::GeGLU<5, 7>, Table, Table>,
                   roles("geglu", "geglu_slopes", "x", "c"), bind(B, 2)),
    entry<"gated_mlp">(
        differentiated<const nn::GatedMLP<5, 7, 5, nn::Activation::relu>, Table, Table>,
        roles("gated_mlp", "gated_mlp_slopes", "x", "c"), bind(B, 2)),
    entry<"glu">(differentiated<const nn::GLU<5, 7, 5, true>, Table, Table>,
                 roles("glu", "glu_slopes", "x", "c"), bind(B, 2)),
    entry<"swiglu">(differentiated<const nn::SwiGLU<5, 7>, Table, Table>,
                    roles("swiglu", "swiglu_slopes", "x", "c"), bind(B, 2)),
    entry<"spectral_norm">(differentiated<nn::SpectralNorm<nn::Conv2d<4, 3, 3, 1, 1>>, Image,
                                          Tensor<f32, B, 3, 9, 8>, train>,
                           roles("spectral_norm", "spectral_norm_slopes", "x", "c"), bind(B, 2)),
    entry<"spectral_norm_transposed">(
        differentiated<const nn::SpectralNorm<nn::ConvTranspose1d<4, 3, 2>>, Sequence,
                       Tensor<f32, B, 3, 10>, infer>,
        roles("spectral_norm_transposed", "spectral_norm_transposed_slopes", "x", "c"), bind(B, 2)),
    entry<"weight_norm">(
        differentiated<const nn::WeightNorm<nn::Conv1d<4, 3, 2>>, Sequence, Tensor<f32, B, 3, 8>>,
        roles("weight_norm", "weight_norm_slopes", "x", "c"), bind(B, 2)),
    entry<"dropout">(dropped<Table>, roles("x", "c", "key"), bind(B, 8)),
    entry<"max_pool1d">(parameterless<nn::MaxPool1d<3, 1, 1>, Sequence, Sequence>, roles("x", "c"),
                        bind(B, 2)),
    entry<"max_pool2d">(
        parameterless<nn::MaxPool2d<3, Both{2, 3}, 1>, Image, Tensor<f32, B, 4, 5, 3>>,
        roles("x", "c"), bind(B, 2)),
    entry<"max_pool3d">(parameterless<nn::MaxPool3d<2>, Volume, Tensor<f32, B, 4, 2, 3, 3>>,
                        roles("x", "c"), bind(B, 2)),
    entry<"avg_pool1d">(parameterless<nn::AvgPool1d<2>, Sequence, Tensor<f32, B, 4, 4>>,
                        roles("x", "c"), bind(B, 2)),
    entry<"avg_pool2d">(
        parameterless<nn::AvgPool2d<Both{3, 2}, 2, 1>, Image, Tensor<f32, B, 4, 5, 5>>,
        roles("x", "c"), bind(B, 2)),
    entry<"avg_pool2d_of_elements">(
        parameterless<nn::AvgPool2d<Both{3, 2}, 2, 1, false>, Image, Tensor<f32, B, 4, 5, 5>>,
        roles("x", "c"), bind(B, 2)),
    entry<"avg_pool3d">(parameterless<nn::AvgPool3d<nn::Three{2, 1, 3}, nn::Three{1, 2, 2}>, Volume,
                                      Tensor<f32, B, 4, 4, 3, 3>>,
                        roles("x", "c"), bind(B, 2)),
    entry<"adaptive_avg_pool1d">(
        parameterless<nn::AdaptiveAvgPool1d<3>, Sequence, Tensor<f32, B, 4, 3>>, roles("x", "c"),
        bind(B, 2)),
    entry<"adaptive_avg_pool3d">(
        parameterless<nn::AdaptiveAvgPool3d<nn::Three{2, 1, 2}>, Cube, Tensor<f32, B, 4, 2, 1, 2>>,
        roles("x", "c"), bind(B, 2)),
    entry<"adaptive_avg_pool2d">(
        parameterless<nn::AdaptiveAvgPool2d<Both{3, 2}>, Image, Tensor<f32, B, 4, 3, 2>>,
        roles("x", "c"), bind(B, 2)),
    entry<"adaptive_max_pool2d">(
        parameterless<nn::AdaptiveMaxPool2d<1>, Image, Tensor<f32, B, 4, 1, 1>>, roles("x", "c"),
        bind(B, 2)),
    entry<"upsample">(parameterless<nn::Upsample<Both{2, 3}>, Image, Tensor<f32, B, 4, 18, 24>>,
                      roles("x", "c"), bind(B, 2)),
    entry<"upsample_bilinear">(parameterless<nn::Upsample<Both{2, 3}, nn::Interpolation::bilinear>,
                                             Image, Tensor<f32, B, 4, 18, 24>>,
                               roles("x", "c"), bind(B, 2)),
    entry<"pixel_shuffle">(parameterless<nn::PixelShuffle<2>, Image, Tensor<f32, B, 1, 18, 16>>,
                           roles("x", "c"), bind(B, 2)),
    entry<"pixel_unshuffle">(parameterless<nn::PixelUnshuffle<2>, Tensor<f32, B, 1, 18, 16>, Image>,
                             roles("x", "c"), bind(B, 2)),
    entry<"gru">(differentiated<const nn::GRU<5, 4>, Steps, Tensor<f32, B, 5, 4>, recur>,
                 roles("gru", "gru_slopes", "x", "c"), bind(B, 2)),
    entry<"gru_from_a_state">(differentiated<const nn::GRU<6, 6, 2>, Tensor<f32, B, 4, 6>,
                                             Tensor<f32, B, 6, 6>, recur_from>,
                              roles("gru_from_a_state", "gru_from_a_state_slopes", "x", "c"),
                              bind(B, 2)),
    entry<"gru_cell">(
        differentiated<const nn::GRUCell<5, 4>, Tensor<f32, B, 9>, Tensor<f32, B, 4>, one_step>,
        roles("gru_cell", "gru_cell_slopes", "x", "c"), bind(B, 2)),
    entry<"lstm">(differentiated<const nn::LSTM<6, 6, 2, false>, Tensor<f32, B, 4, 6>,
                                 Tensor<f32, B, 8, 6>, recur_with_cell>,
                  roles("lstm", "lstm_slopes", "x", "c"), bind(B, 2)),
    entry<"lstm_cell">(differentiated<const nn::LSTMCell<5, 4>, Tensor<f32, B, 13>,
                                      Tensor<f32, B, 8>, one_step_with_cell>,
                       roles("lstm_cell", "lstm_cell_slopes", "x", "c"), bind(B, 2)),
    entry<"rnn">(differentiated<const nn::RNN<5, 4, 1, nn::Activation::relu>, Steps,
                                Tensor<f32, B, 5, 4>, recur>,
                 roles("rnn", "rnn_slopes", "x", "c"), bind(B, 2)),
    entry<"rnn_cell">(
        differentiated<const nn::RNNCell<5, 4>, Tensor<f32, B, 9>, Tensor<f32, B, 4>, one_step>,
        roles("rnn_cell", "rnn_cell_slopes", "x", "c"), bind(B, 2)));
} // namespace layers
