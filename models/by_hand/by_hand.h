// Five models so small that a pencil follows them: an autoencoder, a VAE, a GAN, CLIP and a
// diffusion transformer, in the manner of exercises on paper. With the numbers of numbers.h all
// that they compute is exact: integers, and quarters or sixteenths where shares are taken.
#pragma once

#include <kerf/kerf.h>
#include <kerf/nn.h>

namespace kerf::models::by_hand {

// ---- shares in powers of three
// ---------------------------------------------------------------------

/// 3^n for n = 0, 1 … 4: what e^x is to a computer, 3^x is to a pencil.
auto power(const Operand auto &n) {
  const auto factor = [&](int least) { return select(n >= least, 3, full_like<f32>(n, 1)); };
  return factor(1) * factor(2) * factor(3) * factor(4);
}

/// 3^x / sum of 3^x along one axis, for whole numbers from 0 to 4.
template <int axis> auto shares(const Operand auto &x) {
  let p = power(x);
  return p / sum<axis, keep>(p);
}

/// 3^x / (1 + 3^x), for whole numbers from -4 to 4.
auto share(const Operand auto &input) {
  let x = input;
  let p = power(abs(x));
  let of_size = p / (1 + p);
  return select(x < 0, 1 - of_size, of_size);
}

/// Gradients of a tree, where `gradient` is that of what `output(tree)` gives.
auto backwards(auto output, const auto &tree, const auto &gradient) {
  auto loss = [&](const auto &tree) { return sum(output(tree) * stop_gradient(gradient)); };
  return value_and_grad(loss)(tree).gradients;
}

/// How far the gradient of `loss` at x, as Kerf takes it, is from the one that the pencil writes
/// down.
auto distance(auto loss, const auto &x, const auto &by_pencil) {
  let gradient = value_and_grad(loss)(x).gradients;
  return max(abs(gradient - by_pencil));
}

// ---- 1. autoencoder
// --------------------------------------------------------------------------------

struct Autoencoder : Module {
  nn::Linear<4, 3> encode1;
  nn::Linear<3, 2> encode2;
  nn::Linear<2, 3> decode1;
  nn::Linear<3, 4> decode2;
};

struct AutoencoderPass {
  Tensor<f32> loss;       // sum of squared differences
  Tensor<f32, 2, 3> wide; // relu(W x + b)
  Tensor<f32, 2, 2> code; // of two numbers
  Tensor<f32, 2, 3> wide_again;
  Tensor<f32, 2, 4> y;
};
inline AutoencoderPass autoencoder_pass(const Autoencoder &model, const Tensor<f32, 2, 4> &x) {
  let wide = relu(model.encode1(x));
  let code = relu(model.encode2(wide));
  let wide_again = relu(model.decode1(code));
  let y = model.decode2(wide_again);
  return {sum(square(y - x)), wide, code, wide_again, y};
}

// ---- 2. VAE
// ----------------------------------------------------------------------------------------

struct Vae : Module {
  nn::Linear<4, 3> encode;
  nn::Linear<3, 2> mean;
  nn::Linear<3, 2> deviation;
  nn::Linear<2, 3> decode1;
  nn::Linear<3, 4> decode2;
};

struct VaePass {
  Tensor<f32> loss; // sum of squared differences
  Tensor<f32, 2, 3> wide;
  Tensor<f32, 2, 2> mean, deviation;
  Tensor<f32, 2, 2> z; // mean + deviation * noise
  Tensor<f32, 2, 3> wide_again;
  Tensor<f32, 2, 4> y;
};
inline VaePass vae_pass(const Vae &model, const Tensor<f32, 2, 4> &x,
                        const Tensor<f32, 2, 2> &noise) {
  let wide = relu(model.encode(x));
  let mean = model.mean(wide);
  let deviation = model.deviation(wide);
  let z = mean + deviation * noise;
  let wide_again = relu(model.decode1(z));
  let y = model.decode2(wide_again);
  return {sum(square(y - x)), wide, mean, deviation, z, wide_again, y};
}

/// KL(N(mean, deviation^2) || N(0, 1)), summed   [Kingma 2013, appendix B]
auto divergence(const auto &mean, const auto &deviation) {
  return sum(0.5 * (square(mean) + square(deviation) - 1) - log(deviation));
}

// ---- 3. GAN
// ----------------------------------------------------------------------------------------

struct Generator : Module {
  nn::Linear<2, 3> layer1;
  nn::Linear<3, 4> layer2;
  auto operator()(const auto &noise) const {
    let wide = relu(layer1(noise)); // (2, 3)
    let images = layer2(wide);
    return images; // (2, 4)
  }
};

struct Discriminator : Module {
  nn::Linear<4, 3> layer1;
  nn::Linear<3, 1> layer2;
  auto operator()(const auto &images) const {         // (n, 4)
    let wide = relu(layer1(images));                  // (n, 3)
    let logits = rearrange<"n 1 -> n">(layer2(wide)); // (n)
    return logits;
  }
};

/// -log_3 of the share that the target, 0 or 1, is given, summed: cross entropy in powers of three,
/// whose gradient in the logits is share - target.
auto cross_entropy_of_shares(const auto &logits, const auto &targets) {
  const double unit = 1.0986122886681098; // log 3
  let x = unit * logits;
  return sum(targets * softplus(-x) + (1 - targets) * softplus(x)) / unit;
}

// ---- 4. CLIP
// ---------------------------------------------------------------------------------------

/// Four sentences of two words, and four images of two patches.
struct Clip : Module {
  nn::Embedding<6, 3> words;
  nn::Linear<3, 4, false> text;
  nn::Linear<3, 4, false> image;
};

struct ClipPass {
  Tensor<f32, 4, 3> meaning, looks; // means of two
  Tensor<f32, 4, 4> texts, images;  // in the space of both
  Tensor<f32, 4, 4> similarity;     // of text i and image j
};
inline ClipPass clip_pass(const Clip &model, const Tensor<i64, 4, 2> &sentences,
                          const Tensor<f32, 4, 2, 3> &patches) {
  let meaning = mean<1>(model.words(sentences)); // (4, 3)
  let looks = mean<1>(patches);                  // (4, 3)
  let texts = model.text(meaning);               // (4, 4)
  let images = model.image(looks);               // (4, 4)
  return {meaning, looks, texts, images, einsum<"i d, j d -> i j">(texts, images)};
}

/// Cross entropy in powers of three along one axis, where text and image of one number belong
/// together, summed; its gradient in the similarities is shares - target.
template <int axis> auto contrast(const auto &similarity, const auto &target) {
  const double unit = 1.0986122886681098; // log 3
  return -sum(target * log_softmax<axis>(unit * similarity)) / unit;
}

// ---- 5. diffusion transformer
// ----------------------------------------------------------------------

/// A block that predicts the noise in a video's latents, and the layers before and behind it.
struct DiffusionTransformer : Module {
  nn::Linear<4, 2> encode;
  nn::Linear<4, 4> condition; // prompt and time to scale and shift
  nn::Linear<2, 2> predict;
  nn::Linear<2, 4> decode;
};

} // namespace kerf::models::by_hand
