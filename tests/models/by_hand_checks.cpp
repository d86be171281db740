// The entries of models/by_hand/entries.cpp as a model of its own: what tests know of their tables
// is for numbers of one kind, and this is compared with the oracle on others.
#include "models/by_hand/entries.cpp"

namespace kerf::models::by_hand {
namespace {

const auto narrow = model<"by_hand_checks">(
    entry<"plain">(autoencoder, roles("plain", "plain_gradients", "x")),
    entry<"adversarial">(gan, roles("generator", "discriminator", "generator_gradients",
                                    "discriminator_gradients", "noise", "real")),
    entry<"contrastive">(clip,
                         roles("contrastive", "contrastive_gradients", "sentences", "patches")),
    entry<"diffusion">(
        sora, roles("diffusion", "diffusion_gradients", "video", "noise", "prompt", "time")));

} // namespace
} // namespace kerf::models::by_hand
