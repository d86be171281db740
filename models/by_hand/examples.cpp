// The numbers of the examples, and the calls that compute them.
#include "models/by_hand/examples.h"

#include <by_hand.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <stdexcept>

namespace kerf::by_hand {
namespace {

using Numbers = std::vector<float>;

/// What has been computed, table by table.
class Writer {
public:
  explicit Writer(std::string title) : example{std::move(title), {}} {}

  void add(const std::string &name, std::vector<int64_t> shape, const Numbers &numbers) {
    example.tables.push_back({name, std::move(shape), numbers});
  }
  /// All leaves of a tree, `d` before those of a gradient.
  template <class Tree> void add(const std::string &prefix, const kerf::Block<Tree> &block) {
    const kerf_block &table = kerf::table<Tree>();
    for (uint64_t i = 0; i < table.num_leaves; ++i) {
      const kerf_leaf &leaf = table.leaves[i];
      const auto *first =
          reinterpret_cast<const float *>(static_cast<const char *>(block.data()) + leaf.offset);
      add(prefix + leaf.name, {leaf.shape, leaf.shape + leaf.rank},
          {first, first + leaf.bytes / sizeof(float)});
    }
  }

  Example example;
};

/// The numbers of a parameter, row by row.
template <class Parameter>
void set(Parameter &parameter, std::array<float, Parameter::size> numbers) {
  std::ranges::copy(numbers, parameter.data());
}

Example autoencoder(kerf::Context &context) {
  kerf::Block<::by_hand::Plain> model;
  kerf::Block<::by_hand::PlainGradients> gradients;
  set(model->encode1.weight, {1, 0, 1, 0, /**/ 0, 1, 0, 1, /**/ 1, -1, 0, 0});
  set(model->encode1.bias, {0, 0, 1});
  set(model->encode2.weight, {1, 0, 1, /**/ 0, 1, -1});
  set(model->encode2.bias, {-1, 1});
  set(model->decode1.weight, {1, 0, /**/ 0, 1, /**/ 1, 1});
  set(model->decode1.bias, {0, 1, -2});
  set(model->decode2.weight, {1, 0, 0, /**/ 0, 1, 0, /**/ -1, 0, 1, /**/ 0, 1, -1});
  set(model->decode2.bias, {0, 0, 1, 1});
  const Numbers x{2, 1, 0, 1, /**/ 1, 0, 2, 1};
  Numbers wide(6), code(4), wide_again(6), y(8), gradient(8);
  const float loss =
      ::by_hand::plain(context, model, gradients, x, wide, code, wide_again, y, gradient).loss;
  Writer out("1. An autoencoder of 4-3-2-3-4 numbers");
  out.add("X = Y'", {2, 4}, x);
  out.add("", model);
  out.add("relu(encode1)", {2, 3}, wide);
  out.add("relu(encode2), the code", {2, 2}, code);
  out.add("relu(decode1)", {2, 3}, wide_again);
  out.add("Y = decode2", {2, 4}, y);
  out.add("|Y - Y'|^2", {}, {loss});
  out.add("2 (Y - Y')", {2, 4}, gradient);
  out.add("d ", gradients);
  return out.example;
}

Example vae(kerf::Context &context) {
  kerf::Block<::by_hand::Variational> model;
  kerf::Block<::by_hand::VariationalGradients> gradients;
  set(model->encode.weight, {1, 0, 1, 0, /**/ 0, 1, 0, 0, /**/ 0, 0, 1, 1});
  set(model->encode.bias, {0, 0, -1});
  set(model->mean.weight, {1, -1, 0, /**/ 0, 1, 1});
  set(model->mean.bias, {0, -1});
  set(model->deviation.weight, {0, 0, 1, /**/ 1, 0, -1});
  set(model->deviation.bias, {1, 0});
  set(model->decode1.weight, {1, 1, /**/ 0, 1, /**/ -1, 0});
  set(model->decode1.bias, {0, 1, 2});
  set(model->decode2.weight, {1, 0, 0, /**/ 0, 1, 0, /**/ 0, 0, 1, /**/ 1, -1, 1});
  set(model->decode2.bias, {0, 0, -1, 0});
  const Numbers x{1, 2, 0, 1, /**/ 2, 0, 1, 1}, noise{1, -1, /**/ -1, 2};
  Numbers wide(6), mean(4), deviation(4), z(4), wide_again(6), y(8), gradient(8), by_mean(4),
      by_deviation(4);
  ::by_hand::variational(context, model, gradients, x, noise, wide, mean, deviation, z, wide_again,
                         y, gradient, by_mean, by_deviation);
  Writer out("2. A variational autoencoder");
  out.add("X = Y'", {2, 4}, x);
  out.add("noise", {2, 2}, noise);
  out.add("", model);
  out.add("relu(encode)", {2, 3}, wide);
  out.add("mu", {2, 2}, mean);
  out.add("sigma", {2, 2}, deviation);
  out.add("Z = mu + sigma noise", {2, 2}, z);
  out.add("relu(decode1)", {2, 3}, wide_again);
  out.add("Y = decode2", {2, 4}, y);
  out.add("2 (Y - Y')", {2, 4}, gradient);
  out.add("KL by mu: mu", {2, 2}, by_mean);
  out.add("KL by sigma: sigma - 1 / sigma", {2, 2}, by_deviation);
  out.add("d ", gradients);
  return out.example;
}

Example gan(kerf::Context &context) {
  kerf::Block<::by_hand::Generator> generator;
  kerf::Block<::by_hand::GeneratorGradients> of_generator;
  kerf::Block<::by_hand::Discriminator> discriminator;
  kerf::Block<::by_hand::DiscriminatorGradients> of_discriminator;
  set(generator->layer1.weight, {1, 0, /**/ 1, -1, /**/ 0, 1});
  set(generator->layer1.bias, {0, 1, 0});
  set(generator->layer2.weight, {1, 0, 0, /**/ 0, 1, 1, /**/ 1, 0, -1, /**/ 0, 0, 1});
  set(generator->layer2.bias, {0, -1, 0, 0});
  set(discriminator->layer1.weight, {1, 0, 0, -1, /**/ 0, 1, 0, 0, /**/ 0, 0, 1, 1});
  set(discriminator->layer1.bias, {0, -1, 0});
  set(discriminator->layer2.weight, {1, 1, -1});
  const Numbers noise{1, 0, /**/ 1, 2}, real{1, 2, 1, 0, /**/ 2, 1, 0, 1};
  Numbers fake(8), logits(4), y(4), by_discriminator(4), by_generator(2);
  const float distance =
      ::by_hand::adversarial(context, generator, discriminator, of_generator, of_discriminator,
                             noise, real, fake, logits, y, by_discriminator, by_generator)
          .distance;
  Writer out("3. A GAN whose players have two layers each; a share is 3^x / (1 + 3^x)");
  out.add("noise", {2, 2}, noise);
  out.add("real", {2, 4}, real);
  out.add("generator.", generator);
  out.add("discriminator.", discriminator);
  out.add("fake", {2, 4}, fake);
  out.add("logits of fake, real", {4}, logits);
  out.add("Y, their shares", {4}, y);
  out.add("Y - Y_D", {4}, by_discriminator);
  out.add("Y - Y_G", {2}, by_generator);
  out.add("d discriminator.", of_discriminator);
  out.add("d generator.", of_generator);
  out.example.distance = distance;
  return out.example;
}

Example clip(kerf::Context &context) {
  kerf::Block<::by_hand::Contrastive> model;
  kerf::Block<::by_hand::ContrastiveGradients> gradients;
  set(model->words.weight, {1, 1, 0, /**/ 1, -1, 0, /**/ -1, 1, 0, //
                            -1, 1, 2, /**/ 1, -1, 2, /**/ 0, 0, 0});
  set(model->text.weight, {1, 0, 0, /**/ 1, 1, 0, /**/ 0, 1, 1, /**/ 0, 0, 1});
  set(model->image.weight, {1, -1, 1, /**/ 1, 0, 0, /**/ 0, 1, 0, /**/ 0, 0, 1});
  const std::vector<int64_t> sentences{0, 1, /**/ 0, 2, /**/ 1, 3, /**/ 1, 4};
  // Only the first image is beside its sentence, so that there is something to learn.
  const Numbers patches{1, 1,  0, 1, -1, 0, /**/ 0, 1, 2, 0, 1, 0,
                        0, -1, 1, 0, 1,  1, /**/ 2, 1, 0, 0, 1, 0};
  Numbers meaning(12), looks(12), texts(16), images(16), similarity(16), powers(16), to_images(16),
      to_texts(16), by_images(16), by_texts(16);
  const float distance =
      ::by_hand::contrastive(context, model, gradients, sentences, patches, meaning, looks, texts,
                             images, similarity, powers, to_images, to_texts, by_images, by_texts)
          .distance;
  Writer out("4. CLIP: four sentences of two words, four images of two patches");
  out.add("sentences, words by number", {4, 2}, Numbers(sentences.begin(), sentences.end()));
  out.add("patches", {8, 3}, patches);
  out.add("", model);
  out.add("mean of words", {4, 3}, meaning);
  out.add("mean of patches", {4, 3}, looks);
  out.add("texts", {4, 4}, texts);
  out.add("images", {4, 4}, images);
  out.add("similarity", {4, 4}, similarity);
  out.add("3^similarity", {4, 4}, powers);
  out.add("shares of rows", {4, 4}, to_images);
  out.add("shares of columns", {4, 4}, to_texts);
  out.add("rows - target", {4, 4}, by_images);
  out.add("columns - target", {4, 4}, by_texts);
  out.add("d ", gradients);
  out.example.distance = distance;
  return out.example;
}

Example sora(kerf::Context &context) {
  kerf::Block<::by_hand::Diffusion> model;
  kerf::Block<::by_hand::DiffusionGradients> gradients;
  set(model->encode.weight, {1, 0, -1, 0, /**/ 0, 1, 0, 1});
  set(model->condition.weight, {-1, 0, 0, 0, /**/ 1, 1, 0, 0, /**/ 0, 1, 1, 0, /**/ 0, 0, 1, -2});
  set(model->predict.weight, {4, -4, /**/ 0, 4});
  set(model->predict.bias, {0, -2});
  set(model->decode.weight, {1, 0, /**/ 0, 1, /**/ 1, 1, /**/ 1, -1});
  set(model->decode.bias, {0, 0, -1, 0});
  const Numbers video{1, 2, 0, 1, 1, 0, 1, 0, /**/ 1, 0, 2, 1, 0, 1, 0, 1},
      noise{0, 0, /**/ -1, 1, /**/ 0, 1, /**/ 1, 0}, prompt{1, 0}, time{1, 1};
  Numbers patches(16), latents(8), noised(8), condition(4), modulated(8), scores(16), attention(16),
      mixed(8), predicted(8), gradient(8), denoised(8), output(16);
  ::by_hand::diffusion(context, model, gradients, video, noise, prompt, time, patches, latents,
                       noised, condition, modulated, scores, attention, mixed, predicted, gradient,
                       denoised, output);
  Writer out("5. A diffusion transformer for video: scale and shift by prompt and time");
  out.add("video, two frames", {4, 4}, video);
  out.add("noise", {4, 2}, noise);
  out.add("prompt", {2}, prompt);
  out.add("time, in binary", {2}, time);
  out.add("", model);
  out.add("patches", {4, 4}, patches);
  out.add("relu(encode)", {4, 2}, latents);
  out.add("with noise", {4, 2}, noised);
  out.add("scale, shift", {4}, condition);
  out.add("scale x + shift", {4, 2}, modulated);
  out.add("scores", {4, 4}, scores);
  out.add("shares in 3^scores", {4, 4}, attention);
  out.add("attention", {4, 2}, mixed);
  out.add("predicted noise", {4, 2}, predicted);
  out.add("2 (predicted - noise)", {4, 2}, gradient);
  out.add("d ", gradients);
  out.add("without predicted noise", {4, 2}, denoised);
  out.add("video again", {4, 4}, output);
  return out.example;
}

} // namespace

bool Table::is_exact() const {
  return std::ranges::all_of(numbers, [](float x) { return 16 * x == std::round(16 * x); });
}

const Table &Example::operator[](const std::string &name) const {
  const auto found = std::ranges::find(tables, name, &Table::name);
  if (found == tables.end())
    throw std::out_of_range("no table '" + name + "' in '" + title + "'");
  return *found;
}

std::vector<Example> examples() {
  kerf::Context context(::by_hand::arena_bytes, 1);
  return {autoencoder(context), vae(context), gan(context), clip(context), sora(context)};
}

} // namespace kerf::by_hand
