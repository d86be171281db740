// The autoencoder's entry points.
#include "models/autoencoder/autoencoder.h"
#include "models/recipes.h"

#ifndef AUTOENCODER_WIDTH
#define AUTOENCODER_WIDTH 16
#endif

namespace kerf::models::autoencoder {
namespace {

constexpr int latent = 32;
using Model = Autoencoder<AUTOENCODER_WIDTH, latent>;
using Images = Tensor<f32, B, 1, 32, 32>; // pixels in [0, 1]

Tensor<f32> train_step(Model &model, Adam<Model> &adam, const Images &images) {
  auto loss = [](const Model &model, const auto &images) {
    return autoencoder_loss(model, images);
  };
  return recipes::descend(loss, model, adam, 1e-3, images);
}

Images reconstruct(const Model &model, const Images &images) {
  return model.decode(model.encode(images));
}

const auto registered = model<"autoencoder">(
    entry<"init">(recipes::init<Model, Adam<Model>>, roles("params", "adam", "key")),
    entry<"train_step">(train_step, roles("params", "adam", "images"), bind(B, 32),
                        returns("loss")),
    entry<"encode">(recipes::encode<Model, Images>, roles("params", "images"), bind(B, up_to(100)),
                    returns("z")),
    entry<"decode">(recipes::decode<Model, Tensor<f32, B, latent>>, roles("params", "z"),
                    bind(B, up_to(100)), returns("images")),
    entry<"reconstruct">(reconstruct, roles("params", "images"), bind(B, up_to(100)),
                         returns("reconstructions")),
    constant("steps", 3750));

} // namespace
} // namespace kerf::models::autoencoder
