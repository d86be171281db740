// The residual VQ-VAE's entry points and its recipe: plain autoencoder, then k-means of its latents
// and of what each level leaves of them, then all of it.
#include "models/vqvae/recipe.h"
#include "models/vqvae/residual.h"

namespace kerf::models::vqvae {
namespace {

constexpr int levels = 4, codes = 64;
using Model = ResidualVqVae<width, levels, codes, features>;
using Codes = Tensor<i64, B, 8, 8, levels>;

/// Each level's codes become the centers of clusters of what the levels before it leave of latents,
/// and Adam starts anew.
void init_codebook(Model &model, Adam<Model> &adam, const Images<128> &images, const Key &key) {
  let rest = model.encoder(images); // (128, Features, 8, 8)
  for (int level = 0; level < levels; ++level) {
    const auto &codebook = model.codebooks[level] =
        kmeans<codes, 10, 1>(rest, fold(key, level)).centers;
    rest = rest - vq<1>(rest, codebook).quantized;
  }
  adam = zeros<Adam<Model>>();
}

VqLosses train_step(Model &model, Adam<Model> &adam, Progress &progress, const Images<B> &images) {
  auto loss = [](const Model &model, const auto &images) { return residual_loss(model, images); };
  return recipes::train_step(loss, model, adam, progress, learning_rate(progress), images);
}

/// The codes come numbered through all levels.
Reconstruction<Codes> reconstruct(const Model &model, const Images<B> &images) {
  const auto [reconstructions, own] = vqvae::reconstruct<Model, Codes>(model, images);
  return {reconstructions, numbered<levels, codes>(own)};
}

const auto registered = model<"vqvae_residual">(
    entry<"init">(recipes::init<Model, Adam<Model>, Progress>,
                  roles("params", "adam", "step", "key")),
    entry<"warmup_step">(warmup_step<Model>, roles("params", "adam", "step", "images"), bind(B, 32),
                         returns("loss")),
    entry<"init_codebook">(init_codebook, roles("params", "adam", "images", "key")),
    entry<"train_step">(train_step, roles("params", "adam", "step", "images"), bind(B, 32)),
    entry<"encode">(recipes::encode<Model, Images<B>>, roles("params", "images"),
                    bind(B, up_to(100)), returns("codes")),
    entry<"decode">(recipes::decode<Model, Codes>, roles("params", "codes"), bind(B, up_to(100)),
                    returns("images")),
    entry<"reconstruct">(reconstruct, roles("params", "images"), bind(B, up_to(100))),
    constant("steps", steps), constant("warmup_steps", warmup_steps),
    constant("codes", levels *codes), constant("adam_begins", warmup_steps));

} // namespace
} // namespace kerf::models::vqvae
