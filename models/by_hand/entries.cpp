// The five examples, each from its inputs to its gradients.
#include "models/by_hand/by_hand.h"

namespace kerf::models::by_hand {
namespace {

// ---- 1. autoencoder
// --------------------------------------------------------------------------------

struct AutoencoderTables {
  Tensor<f32, 2, 3> wide;
  Tensor<f32, 2, 2> code;
  Tensor<f32, 2, 3> wide_again;
  Tensor<f32, 2, 4> y, gradient; // 2 (Y - Y')
  Tensor<f32> loss;
};
AutoencoderTables autoencoder(const Autoencoder &model, Autoencoder &gradients,
                              const Tensor<f32, 2, 4> &x) {
  auto [pass, found] = value_and_grad(autoencoder_pass)(model, x);
  gradients = found;
  auto loss = [&](const auto &y) { return sum(square(y - x)); };
  return {pass.wide, pass.code, pass.wide_again, pass.y, value_and_grad(loss)(pass.y).gradients,
          pass.loss};
}

// ---- 2. VAE
// ----------------------------------------------------------------------------------------

struct VaeTables {
  Tensor<f32, 2, 3> wide;
  Tensor<f32, 2, 2> mean, deviation, z;
  Tensor<f32, 2, 3> wide_again;
  Tensor<f32, 2, 4> y, gradient;           // 2 (Y - Y')
  Tensor<f32, 2, 2> by_mean, by_deviation; // of the divergence: mean, deviation - 1 / deviation
};
VaeTables vae(const Vae &model, Vae &gradients, const Tensor<f32, 2, 4> &x,
              const Tensor<f32, 2, 2> &noise) {
  auto loss = [](const Vae &model, const auto &x, const auto &noise) {
    const VaePass pass = vae_pass(model, x, noise);
    return pass.loss + divergence(pass.mean, pass.deviation);
  };
  gradients = value_and_grad(loss)(model, x, noise).gradients;
  const VaePass pass = vae_pass(model, x, noise);
  auto error = [&](const auto &y) { return sum(square(y - x)); };
  auto in_mean = [&](const auto &mean) { return divergence(mean, pass.deviation); };
  auto in_deviation = [&](const auto &deviation) { return divergence(pass.mean, deviation); };
  return {pass.wide,
          pass.mean,
          pass.deviation,
          pass.z,
          pass.wide_again,
          pass.y,
          value_and_grad(error)(pass.y).gradients,
          value_and_grad(in_mean)(pass.mean).gradients,
          value_and_grad(in_deviation)(pass.deviation).gradients};
}

// ---- 3. GAN
// ----------------------------------------------------------------------------------------

struct GanTables {
  Tensor<f32, 2, 4> fake;
  Tensor<f32, 4> logits, y;   // of two fakes, then of two real images
  Tensor<f32, 4> y_minus_y_d; // the discriminator's: 0 for fakes, 1 for real
  Tensor<f32, 2> y_minus_y_g; // the generator's: 1 for its fakes
  Tensor<f32> distance;       // of these from the gradients of the cross entropies
};
GanTables gan(const Generator &generator, const Discriminator &discriminator,
              Generator &generator_gradients, Discriminator &discriminator_gradients,
              const Tensor<f32, 2, 2> &noise, const Tensor<f32, 2, 4> &real) {
  let fake = generator(noise);
  let images = concat<0>(fake, real); // (4, 4)
  let logits = discriminator(images); // (4)
  let y = share(logits);
  let y_d = cast<f32>(arange<4>() >= 2);
  let y_g = full_like<f32>(take<0, 0, 2>(y), 1);
  let of_discriminator = y - y_d;
  let of_generator = take<0, 0, 2>(y) - y_g;
  discriminator_gradients =
      backwards([&](const auto &net) { return net(images); }, discriminator, of_discriminator);
  generator_gradients = backwards([&](const auto &net) { return discriminator(net(noise)); },
                                  generator, of_generator);
  let of_fakes = take<0, 0, 2>(logits);
  auto loss_d = [&](const auto &x) { return cross_entropy_of_shares(x, y_d); };
  auto loss_g = [&](const auto &x) { return cross_entropy_of_shares(x, y_g); };
  let far_d = distance(loss_d, logits, of_discriminator);
  let far_g = distance(loss_g, of_fakes, of_generator);
  return {fake, logits, y, of_discriminator, of_generator, maximum(far_d, far_g)};
}

// ---- 4. CLIP
// ---------------------------------------------------------------------------------------

struct ClipTables {
  Tensor<f32, 4, 3> meaning, looks;
  Tensor<f32, 4, 4> texts, images, similarity, powers;
  Tensor<f32, 4, 4> to_images, to_texts; // shares of each row, of each column
  Tensor<f32, 4, 4> by_images, by_texts; // gradients: shares - target
  Tensor<f32> distance;
};
ClipTables clip(const Clip &model, Clip &gradients, const Tensor<i64, 4, 2> &sentences,
                const Tensor<f32, 4, 2, 3> &patches) {
  const ClipPass pass = clip_pass(model, sentences, patches);
  let target = eye<f32, 4>();
  let to_images = shares<1>(pass.similarity);
  let to_texts = shares<0>(pass.similarity);
  let by_images = to_images - target;
  let by_texts = to_texts - target;
  gradients =
      backwards([&](const auto &model) { return clip_pass(model, sentences, patches).similarity; },
                model, by_images + by_texts);
  auto rows = [&](const auto &x) { return contrast<1>(x, target); };
  auto columns = [&](const auto &x) { return contrast<0>(x, target); };
  let far_rows = distance(rows, pass.similarity, by_images);
  let far_columns = distance(columns, pass.similarity, by_texts);
  return {pass.meaning,
          pass.looks,
          pass.texts,
          pass.images,
          pass.similarity,
          power(pass.similarity),
          to_images,
          to_texts,
          by_images,
          by_texts,
          maximum(far_rows, far_columns)};
}

// ---- 5. diffusion transformer
// ----------------------------------------------------------------------

struct SoraTables {
  Tensor<f32, 4, 4> patches;
  Tensor<f32, 4, 2> latents, noised;
  Tensor<f32, 4> condition; // scale, scale, shift, shift
  Tensor<f32, 4, 2> modulated;
  Tensor<f32, 4, 4> scores, attention;
  Tensor<f32, 4, 2> mixed, predicted;
  Tensor<f32, 4, 2> gradient; // 2 (predicted - noise)
  Tensor<f32, 4, 2> denoised;
  Tensor<f32, 2, 2, 4> output; // the video
};
/// A video of two frames of 2 x 4 pixels; a patch is a column of both frames. The gradients are
/// those of the layer that predicts.
SoraTables sora(const DiffusionTransformer &model, DiffusionTransformer &gradients,
                const Tensor<f32, 2, 2, 4> &video, const Tensor<f32, 4, 2> &noise,
                const Tensor<f32, 2> &prompt, const Tensor<f32, 2> &time) {
  let patches = rearrange<"f h w -> w (f h)">(video); // (4, 4)
  let latents = relu(model.encode(patches));          // (4, 2)
  let noised = latents + noise;
  let condition = model.condition(concat<0>(prompt, time)); // (4)
  let modulated = take<0, 0, 2>(condition) * noised + take<0, 2, 4>(condition);
  let scores = einsum<"i d, j d -> i j">(modulated, modulated);
  let attention = shares<1>(scores);
  let mixed = einsum<"i j, j d -> i d">(attention, modulated);
  let predicted = model.predict(mixed);
  auto error = [&](const auto &predicted) { return sum(square(predicted - noise)); };
  let gradient = value_and_grad(error)(predicted).gradients;
  gradients = backwards([&](const auto &model) { return model.predict(mixed); }, model, gradient);
  let denoised = noised - predicted;
  let output = rearrange<"w (f h) -> f h w", size<"f">(2)>(relu(model.decode(denoised)));
  return {patches,   latents, noised,    condition, modulated, scores,
          attention, mixed,   predicted, gradient,  denoised,  output};
}

const auto registered = model<"by_hand">(
    entry<"plain">(autoencoder, roles("plain", "plain_gradients", "x")),
    entry<"variational">(vae, roles("variational", "variational_gradients", "x", "noise")),
    entry<"adversarial">(gan, roles("generator", "discriminator", "generator_gradients",
                                    "discriminator_gradients", "noise", "real")),
    entry<"contrastive">(clip,
                         roles("contrastive", "contrastive_gradients", "sentences", "patches")),
    entry<"diffusion">(
        sora, roles("diffusion", "diffusion_gradients", "video", "noise", "prompt", "time")));

} // namespace
} // namespace kerf::models::by_hand
