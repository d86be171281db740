// The VAE of models/vae/entries.cpp at width 16, whose gradients come out too.
#define VAE_WIDTH 16
#include "models/vae/entries.cpp"

namespace kerf::models::vae {
namespace {

VaeLosses gradients(const Model &model, Model &gradients, const Progress &progress,
                    const Images &images, const Key &key) {
  auto loss = [](const Model &model, const auto &images, const Key &key) {
    return vae_loss(model, images, key);
  };
  let own_key = fold(key, progress.step);
  auto [losses, found] = value_and_grad(loss)(model, images, own_key);
  gradients = found;
  return losses;
}

const auto narrow = model<"vae16">(
    entry<"init">(recipes::init<Model, Adam<Model>, Progress>,
                  roles("params", "adam", "step", "key")),
    entry<"train_step">(train_step, roles("params", "adam", "step", "images", "key"), bind(B, 4)),
    entry<"gradients">(gradients, roles("params", "gradients", "step", "images", "key"),
                       bind(B, 4)));

} // namespace
} // namespace kerf::models::vae
