// The VQ-VAE's train step at another width and batch: the build says VQVAE_WIDTH, STEP_BATCH, and
// the model's name as STEP_MODEL.
#include "models/vqvae/entries.cpp"

namespace kerf::models::vqvae {
namespace {

const auto other_width = model<STEP_MODEL>(
    entry<"init">(recipes::init<Model, Adam<Model>, Progress>,
                  roles("params", "adam", "step", "key")),
    entry<"init_codebook">(init_codebook, roles("params", "adam", "images", "key")),
    entry<"train_step">(train_step, roles("params", "adam", "step", "images"),
                        bind(B, STEP_BATCH)));

} // namespace
} // namespace kerf::models::vqvae
