// The autoencoder's entry points.
#include "autoencoder.h"

#ifndef AUTOENCODER_WIDTH
#define AUTOENCODER_WIDTH 16
#endif

namespace kerf::models {
namespace {

constexpr int latent = 32;
using Model = Autoencoder<AUTOENCODER_WIDTH, latent>;
using Images = Tensor<f32, B, 1, 32, 32>; // pixels in [0, 1]

void init(Model &model, Adam<Model> &adam, const Key &key) {
  model = initialize<Model>(key);
  adam = zeros<Adam<Model>>();
}

Tensor<f32> train_step(Model &model, Adam<Model> &adam, const Images &images) {
  auto loss = [](const Model &model, const auto &images) {
    return autoencoder_loss(model, images);
  };
  auto [value, gradients] = value_and_grad(loss)(model, images);
  adam_step(model, gradients, adam);
  return value;
}

Tensor<f32, B, latent> encode(const Model &model, const Images &images) {
  return model.encode(images);
}

Images reconstruct(const Model &model, const Images &images) {
  return model.decode(model.encode(images));
}

const auto registered = model<"autoencoder">(
    entry<"init">(init, roles("params", "adam", "key")),
    entry<"train_step">(train_step, roles("params", "adam", "images"), bind(B, 32),
                        returns("loss")),
    entry<"encode">(encode, roles("params", "images"), bind(B, 100), returns("z")),
    entry<"reconstruct">(reconstruct, roles("params", "images"), bind(B, 100),
                         returns("reconstructions")));

} // namespace
} // namespace kerf::models
