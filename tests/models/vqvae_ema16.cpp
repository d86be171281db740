// The VQ-VAE of models/vqvae/ema_entries.cpp at width 16.
#define VQVAE_WIDTH 16
#include "models/vqvae/ema_entries.cpp"

namespace kerf::models::vqvae {
namespace {

const auto narrow = model<"vqvae_ema16">(
    entry<"train_step">(train_step, roles("params", "training", "step", "images"), bind(B, 3)),
    entry<"reconstruct">(reconstruct<Model, Codes>, roles("params", "images"), bind(B, 3)));

} // namespace
} // namespace kerf::models::vqvae
