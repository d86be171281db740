// The WGAN of models/wgan/entries.cpp at width 2, whose gradients come out too.
#define WGAN_WIDTH 2
#define WGAN_LATENT 4
#include "models/wgan/entries.cpp"

namespace kerf::models::wgan {
namespace {

/// What the critic and the generator have lost in turns of theirs, with copies of model and state.
/// Gradients are the critic's at the start, the generator's after the critic's turn: as in a train
/// step.
template <class State>
auto losses_of_turns(auto critic_turn, auto generator_turn, Model learner, State state, Turns had,
                     Model &gradients, const Images &images, const Key &key) {
  const auto [critic, of_critic] = critic_turn(learner, state, had, images, key);
  const auto [generator, of_generator] = generator_turn(learner, state, had, key);
  gradients = {.generator = of_generator, .critic = of_critic};
  return std::pair(critic, generator);
}

Losses gradients(const Model &model, const Optimizers &adam, const Turns &turns, Model &gradients,
                 const Images &images, const Key &key) {
  const auto [critic, generator] =
      losses_of_turns(critic_turn, generator_turn, model, adam, turns, gradients, images, key);
  return {critic.loss, critic.distance, critic.penalty, generator};
}

/// The same where weights are clipped.
ClippedLosses clipped_gradients(const Model &model, const ClippedOptimizers &rmsprop,
                                const Turns &turns, Model &gradients, const Images &images,
                                const Key &key) {
  const auto [critic, generator] = losses_of_turns(clipped_critic_turn, clipped_generator_turn,
                                                   model, rmsprop, turns, gradients, images, key);
  return {critic, generator};
}

/// Of the loss with the penalty on slopes, in the critic's weights: second derivatives of
/// convolutions.
CriticLosses slopes(const Judge &critic, Judge &gradients, const Images &real, const Images &fake,
                    const Tensor<f32, B> &share) {
  auto loss = [](const Judge &critic, const auto &real, const auto &fake, const auto &share) {
    return penalized_loss(critic, real, fake, share);
  };
  auto [losses, found] = value_and_grad(loss)(critic, real, fake, share);
  gradients = found;
  return losses;
}

const auto narrow = model<"wgan2">(
    entry<"train_step">(train_step, roles("params", "adam", "step", "images", "key"), bind(B, 4)),
    entry<"gradients">(gradients, roles("params", "adam", "step", "gradients", "images", "key"),
                       bind(B, 4)),
    entry<"clipped_train_step">(clipped_train_step,
                                roles("params", "rmsprop", "step", "images", "key"), bind(B, 4)),
    entry<"clipped_gradients">(clipped_gradients,
                               roles("params", "rmsprop", "step", "gradients", "images", "key"),
                               bind(B, 4)),
    entry<"slopes">(slopes, roles("critic", "critic_gradients", "real", "fake", "share"),
                    bind(B, 2)));

} // namespace
} // namespace kerf::models::wgan
