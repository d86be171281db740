// The GAN's entry points: a step is a turn of each player.
#include "models/gan/gan.h"
#include "models/recipes.h"

#ifndef GAN_WIDTH // tests train a narrower one
#define GAN_WIDTH 16
#define GAN_LATENT 64
#endif

namespace kerf::models::gan {
namespace {

constexpr int steps = 3750;
using Maker = Generator<GAN_WIDTH, GAN_LATENT>;
using Judge = Discriminator<GAN_WIDTH>;
using Images = Tensor<f32, B, 1, 32, 32>; // pixels in [0, 1]
using Latents = Tensor<f32, B, GAN_LATENT>;

struct Model : Module {
  Maker generator;
  Judge discriminator;
};
struct Optimizers {
  Adam<Maker> generator;
  Adam<Judge> discriminator;
};

void descend(auto &player, const auto &gradients, auto &adam) {
  adam_step(player, gradients, adam, rate = 2e-4, beta1 = 0.5); // [Radford 2016, sec. 4]
}

/// A turn, and the gradients that it went down. The norms of both players follow the images of
/// either turn.
auto discriminator_turn(Model &model, Optimizers &adam, const Images &images, const Latents &z) {
  let fake = model.generator(z, Mode::training);
  auto loss = [](const Judge &discriminator, const auto &real, const auto &fake) {
    return discriminator_loss(discriminator, real, fake);
  };
  let real = 2 * images - 1;
  auto turn = value_and_grad(loss)(model.discriminator, real, fake);
  descend(model.discriminator, turn.gradients, adam.discriminator);
  return turn;
}
auto generator_turn(Model &model, Optimizers &adam, const Latents &z) {
  auto loss = [](const Maker &generator, const Judge &discriminator, const auto &z) {
    return generator_loss(generator, discriminator, z);
  };
  auto turn = value_and_grad(loss)(model.generator, model.discriminator, z);
  descend(model.generator, turn.gradients, adam.generator);
  return turn;
}

struct Losses {
  Tensor<f32> loss, real, fake, generator_loss;
};
Losses train_step(Model &model, Optimizers &adam, Progress &progress, const Images &images,
                  const Key &key) {
  const Key own_key = fold(key, progress.step);
  const Latents z = normal<B, GAN_LATENT>(fold(own_key, 0));
  const Latents other_z = normal<B, GAN_LATENT>(fold(own_key, 1));
  const Judgement judgement = discriminator_turn(model, adam, images, z).value;
  const Tensor<f32> generator = generator_turn(model, adam, other_z).value;
  progress.step = progress.step + 1;
  return {judgement.loss, judgement.real, judgement.fake, generator};
}

Images decode(const Model &model, const Latents &z) {
  return (model.generator(z, Mode::inference) + 1) / 2;
}
Latents draw(const Key &key) { return normal<B, GAN_LATENT>(key); }

const auto registered = model<"gan">(
    entry<"init">(recipes::init<Model, Optimizers, Progress>,
                  roles("params", "adam", "step", "key")),
    entry<"train_step">(train_step, roles("params", "adam", "step", "images", "key"), bind(B, 64)),
    entry<"draw">(draw, roles("key"), bind(B, 100), returns("z")),
    entry<"decode">(decode, roles("params", "z"), bind(B, 100), returns("images")),
    constant("steps", steps));

} // namespace
} // namespace kerf::models::gan
