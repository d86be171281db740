// Attention, transformers and positions, each one's value and its slopes: what
// tests/parity/golden_attention.py has PyTorch make too.
#include "tests/models/differentiated.h"

namespace layers {
using Tokens = Tensor<f32, B, 5, 8>;

/// i1 (B, 5), true where the key is padding: from the third on, of the next example one more.
auto padding() { return rearrange<"b -> b 1">(arange<B>()) + 3 <= arange<5>(); }

constexpr auto attend_masked = [](const auto &layer, const auto &x) {
  return layer(x, mask = nn::causal_mask<5>(), option<"key_padding_mask"> = padding());
};
/// Keys and values are other parts of the input.
constexpr auto attend_across = [](const auto &layer, const auto &x) {
  return layer(x, take<1, 1, 5>(take<2, 0, 6>(x)), take<1, 0, 4>(take<2, 3, 8>(x)));
};
constexpr auto infer_masked = [](const auto &layer, const auto &x) {
  return layer(x, Mode::inference, mask = nn::causal_mask<5>(),
               option<"key_padding_mask"> = padding());
};
constexpr auto decode = [](const auto &layer, const auto &x) {
  return layer(x, take<1, 1, 5>(x), Mode::inference, mask = nn::causal_mask<5>(),
               option<"memory_key_padding_mask"> = take<1, 0, 4>(padding()));
};

using Layer = nn::TransformerEncoderLayer<8, 2, 12>;
using GeluLayer = nn::TransformerEncoderLayer<8, 2, 12, nn::Activation::gelu_tanh, true>;
using Decoder = nn::TransformerDecoderLayer<8, 2, 12>;
using SiluDecoder = nn::TransformerDecoderLayer<8, 2, 12, nn::Activation::silu, true, false>;

/// Dropout at all four places.
Found<Tokens, Tokens> trained(const Layer &layer, Layer &slopes, const Tokens &x, const Tokens &c,
                              const Key &key) {
  using Both = Inside<Layer, Tokens>;
  const auto loss = [&](const Both &inside, const Tokens &c) -> Outcome<Tokens> {
    let y = inside.layer(inside.x, Mode::training, key);
    return {sum(y * c), y};
  };
  Both inside{{}, layer, {}};
  inside.x = x;
  auto [outcome, found] = value_and_grad(loss)(inside, c);
  slopes = found.layer;
  return {outcome.y, found.x};
}

struct Sinusoidal {
  auto operator()(const auto &x) const { return x * nn::sinusoidal_positions<5, 8>(); }
};
struct Sinusoidal2d {
  auto operator()(const auto &x) const { return x * nn::sinusoidal_positions_2d<2, 3, 8>(100); }
};
struct Rotary {
  auto operator()(const auto &x) const { return nn::rotary<5>(x); }
};
struct RotaryOfHalves {
  auto operator()(const auto &x) const { return nn::rotary<nn::Pairs::halves, 5>(x, 500); }
};
struct Rotary2d {
  auto operator()(const auto &x) const { return nn::rotary<2, 3>(x); }
};
struct Rotary3d {
  auto operator()(const auto &x) const { return nn::rotary<2, 3, 2>(x, 100); }
};
struct Timesteps {
  auto operator()(const auto &t) const { return nn::timestep_embedding<6>(20 * t); }
};
using Pixels = Tensor<f32, B, 6, 8>;
using Video = Tensor<f32, B, 12, 12>;

const auto registered = model<"attention">(
    entry<"attention">(
        differentiated<const nn::MultiheadAttention<8, 2>, Tokens, Tokens, attend_masked>,
        roles("attention", "attention_slopes", "x", "c"), bind(B, 2)),
    entry<"attention_across">(differentiated<const nn::MultiheadAttention<8, 4, true, 6, 5>, Tokens,
                                             Tokens, attend_across>,
                              roles("attention_across", "attention_across_slopes", "x", "c"),
                              bind(B, 2)),
    entry<"encoder_layer">(differentiated<const Layer, Tokens, Tokens, infer_masked>,
                           roles("encoder_layer", "encoder_layer_slopes", "x", "c"), bind(B, 2)),
    entry<"encoder_layer_trained">(
        trained, roles("encoder_layer_trained", "encoder_layer_trained_slopes", "x", "c", "key"),
        bind(B, 2)),
    entry<"encoder">(
        differentiated<const nn::TransformerEncoder<GeluLayer, 2, true>, Tokens, Tokens, infer>,
        roles("encoder", "encoder_slopes", "x", "c"), bind(B, 2)),
    entry<"decoder_layer">(differentiated<const SiluDecoder, Tokens, Tokens, decode>,
                           roles("decoder_layer", "decoder_layer_slopes", "x", "c"), bind(B, 2)),
    entry<"decoder">(
        differentiated<const nn::TransformerDecoder<Decoder, 2>, Tokens, Tokens, decode>,
        roles("decoder", "decoder_slopes", "x", "c"), bind(B, 2)),
    entry<"sinusoidal">(parameterless<Sinusoidal, Tokens, Tokens>, roles("x", "c"), bind(B, 2)),
    entry<"sinusoidal2d">(parameterless<Sinusoidal2d, Pixels, Pixels>, roles("x", "c"), bind(B, 2)),
    entry<"learned_positions">(differentiated<const nn::LearnedPositions<5, 8>, Tokens, Tokens>,
                               roles("learned_positions", "learned_positions_slopes", "x", "c"),
                               bind(B, 2)),
    entry<"rotary">(parameterless<Rotary, Tokens, Tokens>, roles("x", "c"), bind(B, 2)),
    entry<"rotary_of_halves">(parameterless<RotaryOfHalves, Tokens, Tokens>, roles("x", "c"),
                              bind(B, 2)),
    entry<"rotary2d">(parameterless<Rotary2d, Pixels, Pixels>, roles("x", "c"), bind(B, 2)),
    entry<"rotary3d">(parameterless<Rotary3d, Video, Video>, roles("x", "c"), bind(B, 2)),
    entry<"timesteps">(parameterless<Timesteps, Tensor<f32, B>, Tensor<f32, B, 6>>, roles("x", "c"),
                       bind(B, 2)));
} // namespace layers
