// The VAE's entry points. Each step draws its noise from the key that follows from `key` by its
// number.
#include "models/recipes.h"
#include "models/vae/vae.h"

#ifndef VAE_WIDTH
#define VAE_WIDTH 16
#endif

namespace kerf::models::vae {
namespace {

constexpr int latent = 16;
using Model = Vae<VAE_WIDTH, latent>;
using Images = Tensor<f32, B, 1, 32, 32>; // pixels in [0, 1]

VaeLosses train_step(Model &model, Adam<Model> &adam, Progress &progress, const Images &images,
                     const Key &key) {
  auto loss = [](const Model &model, const auto &images, const Key &key) {
    return vae_loss(model, images, key);
  };
  let own_key = fold(key, progress.step);
  return recipes::train_step(loss, model, adam, progress, 1e-3, images, own_key);
}

/// Each image through the mean of its posterior.
Images reconstruct(const Model &model, const Images &images) {
  return model.decoder(model.encoder(images).mean);
}

/// What the loss is the mean of, image by image: squared errors of codes drawn from the posteriors,
/// divergences by unit; and the means of the posteriors.
struct Evaluation {
  Tensor<f32, B> reconstruction;
  Tensor<f32, B, latent> divergence, mean;
};
Evaluation evaluate(const Model &model, const Images &images, const Key &key) {
  const auto [mean, log_variance] = model.encoder(images);
  let noise = normal_like(key, mean);
  let output = model.decoder(mean + exp(0.5 * log_variance) * noise);
  return {sum<1, 2, 3>(square(output - images)), 0.5 * twice_divergence(mean, log_variance), mean};
}

Images decode(const Model &model, const Tensor<f32, B, latent> &z) { return model.decoder(z); }

/// New images, from codes drawn from the prior.
Images sample(const Model &model, const Key &key) { return model.decoder(normal<B, latent>(key)); }

const auto registered = model<"vae">(
    entry<"init">(recipes::init<Model, Adam<Model>, Progress>,
                  roles("params", "adam", "step", "key")),
    entry<"train_step">(train_step, roles("params", "adam", "step", "images", "key"), bind(B, 32)),
    entry<"reconstruct">(reconstruct, roles("params", "images"), bind(B, up_to(100)),
                         returns("reconstructions")),
    entry<"evaluate">(evaluate, roles("params", "images", "key"), bind(B, up_to(100))),
    entry<"decode">(decode, roles("params", "z"), bind(B, up_to(100)), returns("images")),
    entry<"sample">(sample, roles("params", "key"), bind(B, 100), returns("images")),
    constant("steps", 3750), constant("latent", latent));

} // namespace
} // namespace kerf::models::vae
