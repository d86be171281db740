// The VQ-VAE of models/vqvae, trained in f32 and with products in bf16: the same functions, twice.
#include "models/vqvae/entries.cpp"

namespace kerf::models::vqvae {
template <Name name> auto trained_twice(int batch) {
  return model<name>(
      entry<"init">(recipes::init<Model, Adam<Model>, Progress>,
                    roles("params", "adam", "step", "key")),
      entry<"init_codebook">(init_codebook, roles("params", "adam", "images", "key")),
      entry<"warmup_f32">(warmup_step<Model>, roles("params", "adam", "step", "images"),
                          bind(B, batch), returns("loss")),
      entry<"warmup_bf16">(warmup_step<Model>, roles("params", "adam", "step", "images"),
                           bind(B, batch), returns("loss"), compute<bf16>),
      entry<"step_f32">(train_step, roles("params", "adam", "step", "images"), bind(B, batch)),
      entry<"step_bf16">(train_step, roles("params", "adam", "step", "images"), bind(B, batch),
                         compute<bf16>),
      constant("warmup_steps", warmup_steps), constant("codes", codes));
}
} // namespace kerf::models::vqvae
