// The VQ-VAE of models/vqvae/entries.cpp at width 16, whose gradients come out too.
#define VQVAE_WIDTH 16
#include "models/vqvae/entries.cpp"

namespace kerf::models::vqvae {
namespace {

VqLosses gradients(const Model &model, Model &gradients, const Images<B> &images) {
  auto loss = [](const Model &model, const auto &images) { return vqvae_loss(model, images); };
  auto [losses, found] = value_and_grad(loss)(model, images);
  gradients = found;
  return losses;
}

const auto narrow = model<"vqvae16">(
    entry<"init">(recipes::init<Model, Adam<Model>, Progress>,
                  roles("params", "adam", "step", "key")),
    entry<"warmup_step">(warmup_step<Model>, roles("params", "adam", "step", "images"), bind(B, 4),
                         returns("loss")),
    entry<"init_codebook">(init_codebook, roles("params", "adam", "images", "key")),
    entry<"train_step">(train_step, roles("params", "adam", "step", "images"), bind(B, 4)),
    entry<"gradients">(gradients, roles("params", "gradients", "images"), bind(B, 4)),
    entry<"encode">(recipes::encode<Model, Images<B>>, roles("params", "images"), bind(B, 20),
                    returns("codes")),
    entry<"decode">(recipes::decode<Model, Codes>, roles("params", "codes"), bind(B, 20),
                    returns("images")),
    entry<"reconstruct">(reconstruct<Model, Codes>, roles("params", "images"), bind(B, up_to(20))),
    constant("steps", steps), constant("warmup_steps", warmup_steps), constant("codes", codes),
    constant("adam_begins", 0));

} // namespace
} // namespace kerf::models::vqvae
