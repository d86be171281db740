// The autoencoder of models/autoencoder/entries.cpp at width 16, whose gradients come out too.
#define AUTOENCODER_WIDTH 16
#include "models/autoencoder/entries.cpp"

namespace kerf::models::autoencoder {
namespace {

Tensor<f32> gradients(const Model &model, Model &gradients, const Images &images) {
  auto loss = [](const Model &model, const auto &images) {
    return autoencoder_loss(model, images);
  };
  auto [value, found] = value_and_grad(loss)(model, images);
  gradients = found;
  return value;
}

const auto narrow = model<"autoencoder16">(
    entry<"init">(recipes::init<Model, Adam<Model>>, roles("params", "adam", "key")),
    entry<"train_step">(train_step, roles("params", "adam", "images"), bind(B, 4), returns("loss")),
    entry<"gradients">(gradients, roles("params", "gradients", "images"), bind(B, 4),
                       returns("loss")));

} // namespace
} // namespace kerf::models::autoencoder
