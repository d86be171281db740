// The GAN of models/gan/entries.cpp at width 2, whose gradients come out too.
#define GAN_WIDTH 2
#define GAN_LATENT 4
#include "models/gan/entries.cpp"

namespace kerf::models::gan {
namespace {

/// Of each player in its turn of a train step.
Losses gradients(const Model &model, const Optimizers &adam, const Progress &progress,
                 Model &gradients, const Images &images, const Key &key) {
  Model learner = model;
  Optimizers state = adam;
  const Key own_key = fold(key, progress.step);
  const Latents z = normal<B, GAN_LATENT>(fold(own_key, 0));
  const Latents other_z = normal<B, GAN_LATENT>(fold(own_key, 1));
  const auto [judgement, of_discriminator] = discriminator_turn(learner, state, images, z);
  const auto [generator, of_generator] = generator_turn(learner, state, other_z);
  gradients = {.generator = of_generator, .discriminator = of_discriminator};
  return {judgement.loss, judgement.real, judgement.fake, generator};
}

const auto narrow = model<"gan2">(
    entry<"train_step">(train_step, roles("params", "adam", "step", "images", "key"), bind(B, 4)),
    entry<"gradients">(gradients, roles("params", "adam", "step", "gradients", "images", "key"),
                       bind(B, 4)),
    entry<"decode">(decode, roles("params", "z"), bind(B, 3), returns("images")));

} // namespace
} // namespace kerf::models::gan
