// A WGAN-GP: a critic with gradients of length 1, a generator that follows.   [Gulrajani 2017]
#include <kerf/kerf.h>
#include <kerf/nn.h>

namespace wgan_gp {
using namespace kerf;
using nn::Linear;

constexpr int width = 64, features = 8;
inline constexpr auto B = dim<"B">();
using Points = Tensor<f32, B, 2>;
using Latents = Tensor<f32, B, features>;

auto leaky_relu(const auto &x) { return maximum(x, 0.2 * x); }

template <int In, int Out> struct Mlp : Module {
  Linear<In, width> first;
  Linear<width, width> second;
  Linear<width, Out> third;
  auto operator()(const auto &x) const { return third(leaky_relu(second(leaky_relu(first(x))))); }
};
using Critic = Mlp<2, 1>;
using Generator = Mlp<features, 2>;

/// What a critic step reports.
struct CriticLosses {
  Tensor<f32> loss, distance, penalty;
};

// [penalty]
/// (|gradient of the critic at points between real and fake| - 1)^2
auto gradient_penalty(const Critic &critic, const Points &real, const Points &fake,
                      const Tensor<f32, B> &share) {
  let s = rearrange<"b -> b 1">(share);
  const Points between = s * real + (1 - s) * fake;
  auto score = [](const Points &x, const Critic &critic) -> Tensor<f32> { return sum(critic(x)); };
  let slope = value_and_grad(score)(between, critic).gradients;
  return mean(square(sqrt(sum<1>(square(slope))) - 1));
}
// [penalty]

CriticLosses critic_loss(const Critic &critic, const Points &real, const Points &fake,
                         const Tensor<f32, B> &share) {
  let distance = mean(critic(real)) - mean(critic(fake));
  let penalty = gradient_penalty(critic, real, fake, share);
  return {10 * penalty - distance, distance, penalty};
}

Tensor<f32> generator_loss(const Generator &generator, const Critic &critic, const Latents &z) {
  return -mean(critic(generator(z)));
}

void init(Generator &generator, Critic &critic, Adam<Generator> &adam, Adam<Critic> &critic_adam,
          const Key &key) {
  generator = initialize<Generator>(fold(key, 0));
  critic = initialize<Critic>(fold(key, 1));
  adam = zeros<Adam<Generator>>();
  critic_adam = zeros<Adam<Critic>>();
}

CriticLosses critic_gradients(const Generator &generator, const Critic &critic, Critic &gradients,
                              const Points &real, const Latents &z, const Tensor<f32, B> &share) {
  const Points fake = generator(z);
  auto [losses, found] = value_and_grad(critic_loss)(critic, real, fake, share);
  gradients = found;
  return losses;
}

Tensor<f32> generator_gradients(const Generator &generator, const Critic &critic,
                                Generator &gradients, const Latents &z) {
  auto [value, found] = value_and_grad(generator_loss)(generator, critic, z);
  gradients = found;
  return value;
}

CriticLosses critic_step(const Generator &generator, Critic &critic, Adam<Critic> &critic_adam,
                         const Points &real, const Key &key) {
  const Points fake = generator(normal<B, features>(fold(key, 0)));
  const Tensor<f32, B> share = uniform<B>(fold(key, 1));
  auto [losses, gradients] = value_and_grad(critic_loss)(critic, real, fake, share);
  adam_step(critic, gradients, critic_adam, rate = 5e-4, beta1 = 0, beta2 = 0.9);
  return losses;
}

Tensor<f32> generator_step(Generator &generator, const Critic &critic, Adam<Generator> &adam,
                           const Key &key) {
  const Latents z = normal<B, features>(key);
  auto [value, gradients] = value_and_grad(generator_loss)(generator, critic, z);
  adam_step(generator, gradients, adam, rate = 5e-4, beta1 = 0, beta2 = 0.9);
  return value;
}

Points sample(const Generator &generator, const Key &key) {
  return generator(normal<B, features>(key));
}

const auto registered = model<"wgan_gp">(
    entry<"init">(init, roles("generator", "critic", "adam", "critic_adam", "key")),
    entry<"critic_gradients">(
        critic_gradients, roles("generator", "critic", "critic_gradients", "real", "z", "share"),
        bind(B, 64)),
    entry<"generator_gradients">(generator_gradients,
                                 roles("generator", "critic", "generator_gradients", "z"),
                                 bind(B, 64), returns("loss")),
    entry<"critic_step">(critic_step, roles("generator", "critic", "critic_adam", "real", "key"),
                         bind(B, 64)),
    entry<"generator_step">(generator_step, roles("generator", "critic", "adam", "key"),
                            bind(B, 64), returns("loss")),
    entry<"sample">(sample, roles("generator", "key"), bind(B, 512), returns("points")));

} // namespace wgan_gp
