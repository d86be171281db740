// The VQ-VAE's entry points and its recipe: plain autoencoder, then codebook, then all of it.
#include "models/vqvae/recipe.h"

namespace kerf::models::vqvae {
namespace {

constexpr int codes = 512;
using Model = VqVae<width, codes, features>;
using Codes = Tensor<i64, B, 8, 8>;

/// Code i becomes the encoder's output at a uniform position of image i. Adam starts anew for the
/// codebook alone: its first steps are as large as the rate in every weight, and would throw
/// encoder and decoder back.
void init_codebook(Model &model, Adam<Model> &adam, const Images<codes> &images, const Key &key) {
  let z = model.encoder(images);                      // (Codes, Features, 8, 8)
  let table = rearrange<"b d h w -> (b h w) d">(z);   // (64 Codes, Features)
  let position = cast<i64>(64 * uniform<codes>(key)); // (Codes), in [0, 64)
  model.codebook.weight = gather(table, 64 * arange<codes>() + position);
  adam.m.codebook = adam.v.codebook = zeros<decltype(model.codebook)>();
}

VqLosses train_step(Model &model, Adam<Model> &adam, Progress &progress, const Images<B> &images) {
  auto loss = [](const Model &model, const auto &images) { return vqvae_loss(model, images); };
  return recipes::train_step(loss, model, adam, progress, learning_rate(progress), images);
}

const auto registered = model<"vqvae">(
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
    entry<"reconstruct">(reconstruct<Model, Codes>, roles("params", "images"), bind(B, up_to(100))),
    constant("steps", steps), constant("warmup_steps", warmup_steps), constant("codes", codes),
    constant("adam_begins", 0));

} // namespace
} // namespace kerf::models::vqvae
