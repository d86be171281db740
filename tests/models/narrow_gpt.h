// A GPT of characters, trained in f32 and with products in bf16: the same function, twice.
#include <kerf/kerf.h>
#include <kerf/nn.h>

namespace narrow_gpt {
using namespace kerf;
constexpr int tokens = 96;
constexpr auto B = dim<"B">();

template <int Width, int Depth, int T> struct Gpt : Module {
  using Layer = nn::TransformerEncoderLayer<Width, Width / 32, 4 * Width, nn::Activation::gelu,
                                            /*NormFirst=*/true>;
  using Layers = nn::TransformerEncoder<Layer, Depth, /*Norm=*/true>;
  /// Both trainings draw the same numbers as it is: none.
  static Layers without_dropout() {
    Layers layers;
    for (Layer &layer : layers.layers)
      layer.dropout = 0;
    return layers;
  }

  nn::Embedding<tokens, Width> token;
  nn::LearnedPositions<T, Width> position;
  Layers layers = without_dropout();
  nn::Linear<Width, tokens> head;

  auto operator()(const auto &text) const {                        // (B, T)
    let x = position(token(text));                                 // (B, T, Width)
    return head(layers(x, option<"mask"> = nn::causal_mask<T>())); // (B, T, tokens)
  }
};

template <int Width, int Depth, int T> struct Training {
  using Model = Gpt<Width, Depth, T>;
  using Text = Tensor<i64, B, T>;

  static void init(Model &model, Adam<Model> &adam, const Key &key) {
    model = initialize<Model>(key);
    adam = zeros<Adam<Model>>();
  }
  static Tensor<f32> train_step(Model &model, Adam<Model> &adam, const Text &text,
                                const Text &next) {
    auto loss = [&](const Model &model) { return cross_entropy<-1>(model(text), next); };
    auto [value, gradients] = value_and_grad(loss)(model);
    adam_step(model, gradients, adam, rate = 1e-3);
    return value;
  }
};

template <Name name, class T> auto registered(int batch) {
  return model<name>(entry<"init">(T::init, roles("params", "adam", "key")),
                     entry<"step_f32">(T::train_step, roles("params", "adam", "text", "next"),
                                       bind(B, batch), returns("loss")),
                     entry<"step_bf16">(T::train_step, roles("params", "adam", "text", "next"),
                                        bind(B, batch), returns("loss"), compute<bf16>));
}
} // namespace narrow_gpt
