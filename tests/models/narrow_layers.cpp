// Layers with parameters, of inputs of another type: none compiles, each says so in its own words.
// tests/models/narrow_functions.py gives element.h, and compares.
#include "element.h" // using Element = kerf::bf16;
#include <kerf/nn.h>

using namespace kerf;

void layers(const Tensor<Element, 2, 3, 4> &x, const Tensor<Element, 2, 4, 6, 6> &image,
            const Tensor<Element, 2, 4, 6, 6, 6> &volume, const Tensor<Element, 2, 4> &row,
            const Tensor<Element, 2> &times) {
  using nn::Conv2d;
  (void)nn::MultiheadAttention<4, 2>()(x);
  (void)nn::Conv1d<3, 2, 3>()(x);
  (void)nn::Conv2d<4, 2, 3>()(image);
  (void)nn::Conv3d<4, 2, 3>()(volume);
  (void)nn::ConvTranspose1d<3, 2, 3>()(x);
  (void)nn::ConvTranspose2d<4, 2, 3>()(image);
  (void)nn::ConvTranspose3d<4, 2, 3>()(volume);
  (void)nn::MLP<4, 8>()(x);
  (void)nn::GatedMLP<4, 8>()(x);
  (void)nn::GLU<4, 8>()(x);
  (void)nn::SwiGLU<4, 8>()(x);
  (void)nn::GeGLU<4, 8>()(x);
  (void)nn::Linear<4, 8>()(x);
  (void)nn::LayerNorm<4>()(x);
  (void)nn::RMSNorm<4>()(x);
  (void)nn::GroupNorm<2, 4>()(image);
  (void)nn::InstanceNorm1d<3>()(x);
  (void)nn::InstanceNorm2d<4>()(image);
  (void)nn::InstanceNorm3d<4>()(volume);
  (void)nn::BatchNorm1d<3>()(x, Mode::inference);
  (void)nn::BatchNorm2d<4>()(image, Mode::inference);
  (void)nn::BatchNorm3d<4>()(volume, Mode::inference);
  (void)nn::LearnedPositions<3, 4>()(x);
  (void)nn::GRU<4, 5>()(x);
  (void)nn::GRUCell<4, 4>()(row, row);
  (void)nn::LSTM<4, 5>()(x);
  (void)nn::LSTMCell<4, 4>()(row, row, row);
  (void)nn::RNN<4, 5>()(x);
  (void)nn::RNNCell<4, 4>()(row, row);
  (void)nn::SpectralNorm<nn::Linear<4, 8>>()(x, Mode::inference);
  (void)nn::WeightNorm<nn::Linear<4, 8>>()(x);
  (void)nn::TransformerEncoderLayer<4, 2>()(x, Mode::inference);
  (void)nn::TransformerDecoderLayer<4, 2>()(x, x, Mode::inference);
  (void)nn::TransformerEncoder<nn::TransformerEncoderLayer<4, 2>, 2>()(x, Mode::inference);
  (void)nn::TransformerDecoder<nn::TransformerDecoderLayer<4, 2>, 2>()(x, x, Mode::inference);
  (void)nn::timestep_embedding<4>(times);
}
