// Entries whose batch is open, each beside itself bound to every number of rows that open.py asks
// for: the VQ-VAE's encoder and train step, a GPT's forward pass.
#include "models/vqvae/entries.cpp"
#include "tests/models/newcomer/gpt.cpp"

namespace kerf::models {
namespace {

inline constexpr auto B = dim<"B">();
using vqvae::Model;

Tensor<f32, B, gpt::context, gpt::tokens> forward(const gpt::Gpt &gpt, const gpt::Window &window) {
  return gpt(window);
}

template <Name name> auto encode(auto rows) {
  return entry<name>(recipes::encode<Model, vqvae::Images<B>>, roles("params", "images"),
                     bind(B, rows), returns("codes"));
}
template <Name name> auto train(auto rows) {
  return entry<name>(vqvae::train_step, roles("params", "adam", "step", "images"), bind(B, rows));
}
template <Name name> auto predict(auto rows) {
  return entry<name>(forward, roles("gpt", "window"), bind(B, rows), returns("logits"));
}

const auto registered = model<"open_rows">(
    entry<"init">(recipes::init<Model, Adam<Model>, Progress>,
                  roles("params", "adam", "step", "key")),
    encode<"encode">(up_to(256)), encode<"encode_1">(1), encode<"encode_7">(7),
    encode<"encode_64">(64), encode<"encode_256">(256), train<"train">(up_to(256)),
    train<"train_1">(1), train<"train_7">(7), train<"train_64">(64), train<"train_256">(256),
    predict<"gpt">(up_to(256)), predict<"gpt_1">(1), predict<"gpt_7">(7), predict<"gpt_64">(64),
    predict<"gpt_256">(256));

} // namespace
} // namespace kerf::models
