// The VQ-VAE's train step at width 128 and batch 64.
#define VQVAE_WIDTH 128
#include "models/vqvae/entries.cpp"

namespace kerf::models::vqvae {
namespace {

const auto other_width = model<"step_128">(
    entry<"init">(recipes::init<Model, Adam<Model>, Progress>,
                  roles("params", "adam", "step", "key")),
    entry<"init_codebook">(init_codebook, roles("params", "adam", "images", "key")),
    entry<"train_step">(train_step, roles("params", "adam", "step", "images"), bind(B, 64)));

} // namespace
} // namespace kerf::models::vqvae
