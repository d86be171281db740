// The flow of models/flow/entries.cpp at width 4, whose gradients come out too; and one of images
// of 8 x 8 pixels, whose determinants can be had from all derivatives.
#define FLOW_WIDTH 4
#define FLOW_DEPTH 2
#define FLOW_STEPS 1875
#include "models/flow/entries.cpp"

namespace kerf::models::flow {
namespace {

Tensor<f32> gradients(const Model &model, Model &gradients, const Progress &progress,
                      const Images<B> &images, const Key &key) {
  auto loss = [](const Model &model, const auto &x) {
    let bits = mean(bits_per_dimension(model, x));
    return bits;
  };
  let x = logits(images, fold(key, progress.step));
  auto [value, found] = value_and_grad(loss)(model, x);
  gradients = found;
  return value;
}

using Small = Flow<8, FLOW_WIDTH, FLOW_DEPTH>;
using SmallImages = Tensor<f32, B, 1, 8, 8>;

void fit_small(Small &small, const SmallImages &x) { small.fit(x); }

/// There and back; and the gradient of latent number i of image i.
struct Ways {
  Tensor<f32, B, 64> latents;
  Tensor<f32, B> log_det;
  SmallImages back, slopes;
};
Ways ways(const Small &small, const SmallImages &x, const Tensor<f32, B, 64> &chosen) {
  Tensor<f32, B> log_det = zeros<Tensor<f32, B>>();
  let z = small(x, log_det);
  auto latent = [&](const SmallImages &x) -> Tensor<f32> {
    Tensor<f32, B> unused = zeros<Tensor<f32, B>>();
    return sum(chosen * rearrange<"b c h w -> b (c h w)">(small(x, unused)));
  };
  return {rearrange<"b c h w -> b (c h w)">(z), log_det, small.inverse(z),
          value_and_grad(latent)(x).gradients};
}

/// Of the mean of the bits per dimension, in the weights.
Tensor<f32> slopes(const Small &small, Small &gradients, const SmallImages &x) {
  auto loss = [](const Small &small, const SmallImages &x) -> Tensor<f32> {
    return mean(bits_per_dimension(small, x));
  };
  auto [value, found] = value_and_grad(loss)(small, x);
  gradients = found;
  return value;
}

const auto narrow = model<"flow4">(
    entry<"train_step">(train_step, roles("params", "adam", "step", "images", "key"), bind(B, 4),
                        returns("loss")),
    entry<"gradients">(gradients, roles("params", "gradients", "step", "images", "key"), bind(B, 4),
                       returns("loss")),
    entry<"fit_small">(fit_small, roles("small", "x"), bind(B, 64)),
    entry<"ways">(ways, roles("small", "x", "chosen"), bind(B, 64)),
    entry<"slopes">(slopes, roles("small", "small_gradients", "x"), bind(B, 3), returns("bits")));

} // namespace
} // namespace kerf::models::flow
