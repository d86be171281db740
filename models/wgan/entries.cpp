// The WGAN's entry points: turns of the critic, with a penalty on its slope or with clipped
// weights, and of both players.
#include "models/recipes.h"
#include "models/wgan/wgan.h"

#include <kerf/optimizers.h>
#include <kerf/trees.h>

#ifndef WGAN_WIDTH // tests train a narrower one
#define WGAN_WIDTH 16
#define WGAN_LATENT 64
#endif

namespace kerf::models::wgan {
namespace {

constexpr int steps = 1000, critic_turns = 5; // of the critic, for one of the generator
using Maker = Generator<WGAN_WIDTH, WGAN_LATENT>;
using Judge = Critic<WGAN_WIDTH>;
using Images = Tensor<f32, B, 1, 32, 32>; // pixels in [0, 1]

struct Model : Module {
  Maker generator;
  Judge critic;
};
struct Optimizers {
  Adam<Maker> generator;
  Adam<Judge> critic;
};
/// Where weights are clipped.
struct ClippedOptimizers {
  RmsProp<Maker> generator;
  RmsProp<Judge> critic;
};
/// How many turns each player has had; `step` counts the generator's.
struct Turns {
  Tensor<i64> step, critic;
};

auto latents(const auto &key) { return normal<B, WGAN_LATENT>(key); }
/// A step of the critic's, and the gradients that it went down.   [Gulrajani 2017, alg. 1]
auto critic_turn(Model &model, Optimizers &adam, Turns &turns, const Images &images,
                 const Key &key) {
  const Key own_key = fold(fold(key, 0), turns.critic);
  let real = 2 * images - 1;
  let fake = model.generator(latents(fold(own_key, 0)));
  let share = uniform<B>(fold(own_key, 1));
  auto loss = [](const Judge &critic, const auto &real, const auto &fake, const auto &share) {
    return penalized_loss(critic, real, fake, share);
  };
  auto turn = value_and_grad(loss)(model.critic, real, fake, share);
  adam_step(model.critic, turn.gradients, adam.critic, rate = 5e-4, beta1 = 0, beta2 = 0.9);
  turns.critic = turns.critic + 1;
  return turn;
}

/// The generator's loss, and its gradients.
auto generator_slopes(const Model &model, const Turns &turns, const Key &key) {
  auto loss = [](const Maker &generator, const Judge &critic, const auto &z) {
    return generator_loss(generator, critic, z);
  };
  let z = latents(fold(fold(key, 1), turns.step));
  return value_and_grad(loss)(model.generator, model.critic, z);
}

auto generator_turn(Model &model, Optimizers &adam, Turns &turns, const Key &key) {
  auto turn = generator_slopes(model, turns, key);
  adam_step(model.generator, turn.gradients, adam.generator, rate = 5e-4, beta1 = 0, beta2 = 0.9);
  turns.step = turns.step + 1;
  return turn;
}

CriticLosses critic_step(Model &model, Optimizers &adam, Turns &turns, const Images &images,
                         const Key &key) {
  return critic_turn(model, adam, turns, images, key).value;
}

/// A turn of each player.
struct Losses {
  Tensor<f32> loss, distance, penalty, generator_loss;
};
Losses train_step(Model &model, Optimizers &adam, Turns &turns, const Images &images,
                  const Key &key) {
  const CriticLosses critic = critic_turn(model, adam, turns, images, key).value;
  const Tensor<f32> generator = generator_turn(model, adam, turns, key).value;
  return {critic.loss, critic.distance, critic.penalty, generator};
}

/// The same without penalty; the critic's weights stay within [-0.01, 0.01].
///   [Arjovsky 2017, alg. 1]
auto clipped_critic_turn(Model &model, ClippedOptimizers &rmsprop, Turns &turns,
                         const Images &images, const Key &key) {
  auto loss = [](const Judge &critic, const auto &real, const auto &fake) {
    return critic_loss(critic, real, fake);
  };
  let real = 2 * images - 1;
  let fake = model.generator(latents(fold(fold(key, 0), turns.critic)));
  auto turn = value_and_grad(loss)(model.critic, real, fake);
  rmsprop_step(model.critic, turn.gradients, rmsprop.critic, rate = 2e-4);
  clip_by_value(model.critic, 0.01);
  turns.critic = turns.critic + 1;
  return turn;
}

auto clipped_generator_turn(Model &model, ClippedOptimizers &rmsprop, Turns &turns,
                            const Key &key) {
  auto turn = generator_slopes(model, turns, key);
  rmsprop_step(model.generator, turn.gradients, rmsprop.generator, rate = 2e-4);
  turns.step = turns.step + 1;
  return turn;
}

Tensor<f32> clipped_critic_step(Model &model, ClippedOptimizers &rmsprop, Turns &turns,
                                const Images &images, const Key &key) {
  return clipped_critic_turn(model, rmsprop, turns, images, key).value;
}

/// A turn of each player.
struct ClippedLosses {
  Tensor<f32> loss, generator_loss;
};
ClippedLosses clipped_train_step(Model &model, ClippedOptimizers &rmsprop, Turns &turns,
                                 const Images &images, const Key &key) {
  const Tensor<f32> critic = clipped_critic_turn(model, rmsprop, turns, images, key).value;
  const Tensor<f32> generator = clipped_generator_turn(model, rmsprop, turns, key).value;
  return {critic, generator};
}

Images decode(const Model &model, const Tensor<f32, B, WGAN_LATENT> &z) {
  return (model.generator(z) + 1) / 2;
}
Tensor<f32, B, WGAN_LATENT> draw(const Key &key) { return latents(key); }

const auto registered = model<"wgan">(
    entry<"init">(recipes::init<Model, Optimizers, ClippedOptimizers, Turns>,
                  roles("params", "adam", "rmsprop", "step", "key")),
    entry<"critic_step">(critic_step, roles("params", "adam", "step", "images", "key"),
                         bind(B, 64)),
    entry<"train_step">(train_step, roles("params", "adam", "step", "images", "key"), bind(B, 64)),
    entry<"clipped_critic_step">(clipped_critic_step,
                                 roles("params", "rmsprop", "step", "images", "key"), bind(B, 64),
                                 returns("loss")),
    entry<"clipped_train_step">(clipped_train_step,
                                roles("params", "rmsprop", "step", "images", "key"), bind(B, 64)),
    entry<"draw">(draw, roles("key"), bind(B, 100), returns("z")),
    entry<"decode">(decode, roles("params", "z"), bind(B, 100), returns("images")),
    constant("steps", steps), constant("critic_turns", critic_turns));

} // namespace
} // namespace kerf::models::wgan
