// The flow's entry points: a training on Fashion-MNIST, and what an exact density is good for.
#include "models/flow/flow.h"
#include "models/recipes.h"

#ifndef FLOW_WIDTH // tests train a narrower one
#define FLOW_WIDTH 32
#define FLOW_DEPTH 8
#define FLOW_STEPS 1875
#endif

namespace kerf::models::flow {
namespace {

constexpr int side = 28, steps = FLOW_STEPS, turns = 200;
using Model = Flow<side, FLOW_WIDTH, FLOW_DEPTH>;
template <Dim Batch> using Images = Tensor<f32, Batch, 1, 32, 32>; // pixels in [0, 1], in a frame
using Hidden = Tensor<f32, B, 1, side, side>;                      // without bounds

/// 1e-3, then linear to 0 over the second half of the run.
auto learning_rate(const Progress &progress) {
  return linear_decay(progress.step, 1e-3, steps, 0.5);
}

auto cropped(const auto &images) { return take<2, 2, 30>(take<3, 2, 30>(images)); }
auto framed(const auto &images) { return pad<Ints::of(0, 0, 2, 2), Ints::of(0, 0, 2, 2)>(images); }
/// The images without their frame as logits of bytes, spread by noise from the key.
Hidden logits(const Images<B> &images, const Key &key) {
  return logit_of(cropped(images), uniform<B, 1, side, side>(key));
}

/// Every step as the identity, but for its permutation.
void init(Model &model, Adam<Model> &adam, Progress &progress, const Key &key) {
  recipes::init<Model, Adam<Model>, Progress>(model, adam, progress, key);
  for (auto &step : model.fine)
    step.conditioner.out = zeros<decltype(step.conditioner.out)>();
  for (auto &step : model.coarse)
    step.conditioner.out = zeros<decltype(step.conditioner.out)>();
}

/// The norms, one after another, as this batch wants them.
void init_norms(Model &model, const Images<B> &images, const Key &key) {
  model.fit(logits(images, key));
}

/// The mean of -log2 of the densities, per pixel, is the loss and what is reported.
Tensor<f32> train_step(Model &model, Adam<Model> &adam, Progress &progress, const Images<B> &images,
                       const Key &key) {
  auto loss = [](const Model &model, const auto &x) {
    let bits = mean(bits_per_dimension(model, x));
    return bits;
  };
  let x = logits(images, fold(key, progress.step));
  return recipes::train_step(loss, model, adam, progress, learning_rate(progress), x);
}

Tensor<f32, B> bits(const Model &model, const Images<B> &images, const Key &key) {
  return bits_per_dimension(model, logits(images, key));
}

/// Images whose latents are drawn with this deviation; below 1 they are likelier, and more alike.
Images<B> sample(const Model &model, const Tensor<f32> &temperature, const Key &key) {
  let z = temperature * normal<B, 16, side / 4, side / 4>(key);
  return framed(pixels_of(model.inverse(z)));
}

/// Latents of images of which the upper half is known, on their way to the likeliest ones.
struct Search {
  Tensor<f32, B, 16, side / 4, side / 4> z;
};
void begin_inpainting(Search &search, Adam<Search> &search_adam, const Tensor<f32> &temperature,
                      const Key &key) {
  search.z = temperature * normal<B, 16, side / 4, side / 4>(key);
  search_adam = zeros<Adam<Search>>();
}
/// A step down -log p(z | upper half), the half being what the latents say but for normal noise of
/// deviation 0.3 in every logit. What is shown has the known half as it is.
Images<B> inpaint(const Model &model, Search &search, Adam<Search> &search_adam,
                  const Images<B> &images) {
  let known = logit_of(take<2, 0, side / 2>(cropped(images)), Tensor<f32>(0.5));
  auto energy = [&](const Search &search) -> Tensor<f32> {
    let upper = take<2, 0, side / 2>(model.inverse(search.z));
    return 0.5 * sum(square(search.z)) + sum(square((upper - known) / 0.3)) / 2;
  };
  const Search slope = value_and_grad(energy)(search).gradients;
  let size = linear_decay(search_adam.t, 0.05, turns, 1);
  adam_step(search, slope, search_adam, rate = size, beta2 = 0.99);
  let lower = pixels_of(take<2, side / 2, side>(model.inverse(search.z)));
  return framed(concat<2>(take<2, 0, side / 2>(cropped(images)), lower));
}

const auto registered = model<"flow">(
    entry<"init">(init, roles("params", "adam", "step", "key")),
    entry<"init_norms">(init_norms, roles("params", "images", "key"), bind(B, 256)),
    entry<"train_step">(train_step, roles("params", "adam", "step", "images", "key"), bind(B, 64),
                        returns("loss")),
    entry<"bits">(bits, roles("params", "images", "key"), bind(B, up_to(100)), returns("bits")),
    entry<"sample">(sample, roles("params", "temperature", "key"), bind(B, 64), returns("images")),
    entry<"begin_inpainting">(begin_inpainting,
                              roles("search", "search_adam", "temperature", "key"), bind(B, 16)),
    entry<"inpaint">(inpaint, roles("params", "search", "search_adam", "images"), bind(B, 16),
                     returns("completed")),
    constant("steps", steps), constant("turns", turns));

} // namespace
} // namespace kerf::models::flow
