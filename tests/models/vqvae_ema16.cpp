// The VQ-VAE of models/vqvae_ema.cpp at width 16.
#define VQVAE_WIDTH 16
#include "models/vqvae_ema.cpp"

namespace kerf::models {
namespace {

const auto narrow = model<"vqvae_ema16">(
    entry<"train_step">(train_step, roles("params", "training", "step", "images"), bind(B, 3)),
    entry<"reconstruct">(reconstruct, roles("params", "images"), bind(B, 3)));

} // namespace
} // namespace kerf::models
