// The entry points of the VQ-VAE with a codebook of moving averages, and its recipe: plain
// autoencoder, then k-means of its latents, then all of it, with new life for dead codes.
#include "models/vqvae/ema.h"
#include "models/vqvae/recipe.h"

namespace kerf::models::vqvae {
namespace {

constexpr int codes = 512;
using Nets = Autoencoder<width, features>;
using Model = EmaVqVae<width, codes, features>;
using Codes = Tensor<i64, B, 8, 8>;

/// All that training needs beside the model and the number of the step.
struct Training {
  Adam<Nets> adam;
  CodebookState<codes, features> codebook;
  Key key;
};

void init(Model &model, Training &training, Progress &progress, const Key &key) {
  recipes::init<Model, Training>(model, training, key);
  training.key = fold(key, -1); // initialize has the others
  progress = zeros<Progress>();
}

Tensor<f32> warmup_step(Model &model, Training &training, Progress &progress,
                        const Images<B> &images) {
  return vqvae::warmup_step(model.nets, training.adam, progress, images);
}

/// Codes become the centers of clusters of latents, counted as in a step, and Adam starts anew.
void init_codebook(Model &model, Training &training, const Images<512> &images, const Key &key) {
  let z = model.nets.encoder(images); // (512, Features, 8, 8)
  const auto clusters = kmeans<codes, 10, 1>(z, key);
  model.codebook.weight = clusters.centers;
  training.codebook = ema_state(clusters.centers, clusters.count * (32.0 / 512));
  training.adam = zeros<Adam<Nets>>();
}

VqLosses train_step(Model &model, Training &training, Progress &progress, const Images<B> &images) {
  auto loss = [&](const Nets &nets, const auto &images) {
    return ema_loss(nets, model.codebook, images);
  };
  const auto [losses, z, codes] =
      recipes::descend(loss, model.nets, training.adam, learning_rate(progress), images);
  ema_update<1>(model.codebook.weight, training.codebook, z, codes, decay = 0.99);
  revive<1>(model.codebook.weight, training.codebook, z, fold(training.key, progress.step),
            threshold = 0.5);
  progress.step = progress.step + 1;
  return losses;
}

const auto registered = model<"vqvae_ema">(
    entry<"init">(init, roles("params", "training", "step", "key")),
    entry<"warmup_step">(warmup_step, roles("params", "training", "step", "images"), bind(B, 32),
                         returns("loss")),
    entry<"init_codebook">(init_codebook, roles("params", "training", "images", "key")),
    entry<"train_step">(train_step, roles("params", "training", "step", "images"), bind(B, 32)),
    entry<"encode">(recipes::encode<Model, Images<B>>, roles("params", "images"),
                    bind(B, up_to(100)), returns("codes")),
    entry<"decode">(recipes::decode<Model, Codes>, roles("params", "codes"), bind(B, up_to(100)),
                    returns("images")),
    entry<"reconstruct">(reconstruct<Model, Codes>, roles("params", "images"), bind(B, up_to(100))),
    constant("steps", steps), constant("warmup_steps", warmup_steps), constant("codes", codes),
    constant("adam_begins", warmup_steps));

} // namespace
} // namespace kerf::models::vqvae
