// The language model of models/gru/entries.cpp at width 16, at a constant rate and without
// clipping, whose gradients come out too.
#define GRU_HIDDEN 16
#define GRU_LENGTH 24
#include "models/gru/entries.cpp"

namespace kerf::models::gru {
namespace {

/// Nats per token.
struct NarrowLoss {
  Tensor<f32> loss;
};
NarrowLoss narrow_step(Model &model, Adam<Model> &adam, const Window &tokens, const Window &next) {
  return {recipes::descend(loss<Model, Window, Window>, model, adam, 1e-3, tokens, next)};
}

NarrowLoss gradients(const Model &model, Model &gradients, const Window &tokens,
                     const Window &next) {
  auto [value, found] = value_and_grad(loss<Model, Window, Window>)(model, tokens, next);
  gradients = found;
  return {value};
}

const auto narrow = model<"gru16">(
    entry<"init">(recipes::init<Model, Adam<Model>>, roles("params", "adam", "key")),
    entry<"train_step">(narrow_step, roles("params", "adam", "tokens", "next"), bind(B, 4)),
    entry<"gradients">(gradients, roles("params", "gradients", "tokens", "next"), bind(B, 4)),
    entry<"surprise">(surprise, roles("params", "tokens", "next"), bind(B, 3), returns("bits")),
    entry<"write">(write, roles("params", "prompt", "temperature", "key"), bind(B, 2),
                   returns("text")));

} // namespace
} // namespace kerf::models::gru
