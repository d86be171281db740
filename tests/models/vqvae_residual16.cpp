// The VQ-VAE of models/vqvae/residual_entries.cpp at width 16.
#define VQVAE_WIDTH 16
#include "models/vqvae/residual_entries.cpp"

namespace kerf::models::vqvae {
namespace {

const auto narrow = model<"vqvae_residual16">(
    entry<"train_step">(train_step, roles("params", "adam", "step", "images"), bind(B, 3)),
    entry<"reconstruct">(reconstruct, roles("params", "images"), bind(B, 3)));

} // namespace
} // namespace kerf::models::vqvae
