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

constexpr int side = 28, steps = FLOW_STEPS, turns = 400, turns_of_call = 10;
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

/// Images whose lower half is drawn anew from the model's density given the upper one, by a walk
/// that follows the slope of log p in that half and adds noise.   [Dinh 2014, sec. 5.3]
struct Inpainting {
  Hidden walked;
  Images<B> shown;
};
/// 1 in the lower half, 0 in the upper one.   (1, 1, side, 1)
auto lower_half() {
  let lower = rearrange<"h -> 1 1 h 1">(cast<f32>(arange<side>() >= side / 2));
  return lower;
}
Inpainting begin_inpainting(const Images<B> &images, const Key &key) {
  let known = logits(images, fold(key, 0));
  let noise = normal<B, 1, side, side>(fold(key, 1));
  let x = known + lower_half() * (noise - known);
  return {x, framed(pixels_of(x))};
}
/// The next turns of the walk, of which `done` are done; they become shorter as it settles.
Inpainting inpaint(const Model &model, const Hidden &x, const Tensor<i64> &done, const Key &key) {
  auto log_density = [&](const Hidden &x) -> Tensor<f32> {
    Tensor<f32, B> log_det = zeros<Tensor<f32, B>>();
    let z = model(x, log_det);
    return sum(log_det - 0.5 * sum<1, 2, 3>(square(z)));
  };
  const Hidden walked = repeat<turns_of_call>(x, [&](const Hidden &x, const Tensor<i64> &i) {
    const Tensor<i64> turn = done + i;
    let slope = value_and_grad(log_density)(x).gradients;
    let size = 0.02 * (1 - cast<f32>(turn) / turns) + 1e-4;
    let noise = normal_like(fold(key, turn), x);
    let next = x + lower_half() * (size * slope + sqrt(2 * size) * noise);
    return next;
  });
  return {walked, framed(pixels_of(walked))};
}

const auto registered = model<"flow">(
    entry<"init">(init, roles("params", "adam", "step", "key")),
    entry<"init_norms">(init_norms, roles("params", "images", "key"), bind(B, 256)),
    entry<"train_step">(train_step, roles("params", "adam", "step", "images", "key"), bind(B, 64),
                        returns("loss")),
    entry<"bits">(bits, roles("params", "images", "key"), bind(B, 100), returns("bits")),
    entry<"sample">(sample, roles("params", "temperature", "key"), bind(B, 64), returns("images")),
    entry<"begin_inpainting">(begin_inpainting, roles("images", "key"), bind(B, 16)),
    entry<"inpaint">(inpaint, roles("params", "x", "done", "key"), bind(B, 16)),
    constant("steps", steps), constant("turns", turns), constant("turns_of_call", turns_of_call));

} // namespace
} // namespace kerf::models::flow
