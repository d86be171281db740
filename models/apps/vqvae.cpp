// Trains a VQ-VAE on Fashion-MNIST and shows what it learned: the demo's, or a variant of it, whose
// folder beside this file has a header that gives the variant this name.
#include <vqvae.h>

#include "digest.h"
#include "idx.h"
#include "order.h"
#include "plot.h"
#include "program.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <filesystem>

#ifndef VQVAE_PROGRAM
#define VQVAE_PROGRAM "vqvae"
/// What the state of training can be; Adam counts all steps.
static std::vector<kerf::data::Range> ranges_after(int64_t steps) {
  return kerf::data::adam_ranges("adam", steps);
}
#endif

namespace {
using namespace kerf::data;
constexpr int image_size = 28, padding = 2, padded_size = 32; // pixels
constexpr int batch = vqvae::TrainStepImages::shape[0];
constexpr int inference_batch = vqvae::ReconstructImages::shape[0];
constexpr int codebook_batch = vqvae::InitCodebookImages::shape[0];
template <int64_t Batch>
using Images = kerf::Block<kerf::Array<float, Batch, 1, padded_size, padded_size>>;

/// Bytes of 28 x 28 images, which become padded ones in [0, 1].
class DataSet {
public:
  explicit DataSet(const std::string &path) : idx(read(path)) {
    if (idx.shape.size() != 3 || idx.shape[0] == 0 || idx.shape[1] != image_size ||
        idx.shape[2] != image_size)
      throw std::runtime_error(path + ": not a set of images of 28 x 28 pixels");
  }
  int64_t size() const { return idx.shape[0]; }
  std::string digest() const {
    Digest digest;
    digest.add(std::span<const uint8_t>(idx.data));
    return digest.text();
  }

  /// Image `index` to a padded image whose frame is zero already.
  void copy(int64_t index, float *padded) const {
    const uint8_t *image = idx.data.data() + index * image_size * image_size;
    for (int row = 0; row < image_size; ++row)
      for (int column = 0; column < image_size; ++column)
        padded[(row + padding) * padded_size + column + padding] =
            static_cast<float>(image[row * image_size + column]) / 255;
  }
  template <int64_t Batch, typename Order> void copy(Images<Batch> &images, Order order) const {
    for (int64_t i = 0; i < Batch; ++i)
      copy(order(i), (*images)[i].data());
  }

private:
  static Idx read(const std::string &path) {
    try {
      return read_idx(path);
    } catch (const IdxError &error) {
      if (error.fault != IdxFault::open)
        throw;
      throw std::runtime_error(std::string(error.what()) +
                               "; install the Debian package dataset-fashion-mnist, or name "
                               "the folder of its files with --data");
    }
  }

  Idx idx;
};

class VqVaeTraining : public Training {
public:
  VqVaeTraining(const TrainingOptions &options, const DataSet &images)
      : Training(options,
                 {.name = VQVAE_PROGRAM,
                  .schedule = vqvae::steps,
                  .step_size = batch,
                  .unit = "images",
                  .identity = {{"images", images.digest()}, {"recipe", vqvae::training_hash}},
                  .curves = {{"reconstruction", {0, vqvae::steps}},
                             {"perplexity", {vqvae::warmup_steps, vqvae::steps}}}}),
        images(images), order(options.seed, images.size()) {
    checkpoint.add(params);
    checkpoint.add(adam);
    checkpoint.add(progress);
  }

  kerf::Block<vqvae::Params> params;
  kerf::Context context{vqvae::arena_bytes};

private:
  int64_t done() const override { return progress->step; }
  std::vector<Range> ranges() const override { return ranges_after(done()); }

  void init() override {
    vqvae::init(context, params, adam, progress, kerf::RandomKey(options.seed));
  }

  void step() override {
    if (done() == vqvae::warmup_steps) {
      images.copy(codebook_images, [&](int64_t i) { return order.for_codebook(i); });
      vqvae::init_codebook(context, params, adam, codebook_images,
                           kerf::RandomKey(Shuffle::key_of(options.seed, 1)));
    }
    images.copy(batch_images, [&](int64_t i) { return order.at(done() * batch + i); });
    if (done() < vqvae::warmup_steps) {
      const float loss = vqvae::warmup_step(context, params, adam, progress, batch_images).loss;
      note(loss, loss, NAN);
    } else {
      const auto result = vqvae::train_step(context, params, adam, progress, batch_images);
      note(result.loss, result.reconstruction, result.perplexity);
    }
  }

  void note(float loss, float reconstruction, float perplexity) {
    note_loss(loss);
    Training::note("reconstruction", reconstruction);
    Training::note("perplexity", perplexity);
  }

  std::string figures() const override {
    const int64_t images_done = (done() - 1) * batch;
    const int64_t epochs = (options.steps * batch + images.size() - 1) / images.size();
    char text[128];
    std::snprintf(text, sizeof text, "epoch %lld/%lld  loss %.4f",
                  static_cast<long long>(images_done / images.size() + 1),
                  static_cast<long long>(epochs), recent("loss"));
    std::string figures = text;
    if (const double perplexity = recent("perplexity"); std::isfinite(perplexity)) {
      std::snprintf(text, sizeof text, "  perplexity %.0f", perplexity);
      figures += text;
    }
    return figures;
  }

  const DataSet &images;
  DataOrder order;
  kerf::Block<vqvae::Adam> adam;
  kerf::Block<vqvae::Step> progress;
  Images<batch> batch_images;
  Images<codebook_batch> codebook_images;
};

/// What the model makes of the whole test set.
struct Evaluation {
  double mse = 0; // of the 28 x 28 crop
  std::vector<double> usage =
      std::vector<double>(vqvae::codes);         // share of the latents that have this code
  std::vector<float> originals, reconstructions; // crops of the first images

  double perplexity() const {
    double entropy = 0;
    for (double share : usage)
      entropy -= share > 0 ? share * std::log(share) : 0;
    return std::exp(entropy);
  }
  auto codes_in_use() const {
    return std::ranges::count_if(usage, [](double share) { return share > 0; });
  }
};

constexpr int shown_columns = 16, shown_rows = 3, shown = shown_columns * shown_rows;

void add_crop(const float *padded, std::vector<float> &crops) {
  for (int row = padding; row < padding + image_size; ++row)
    crops.insert(crops.end(), padded + row * padded_size + padding,
                 padded + row * padded_size + padding + image_size);
}

/// The squared error of the crop.
double squared_error(const float *a, const float *b) {
  double sum = 0;
  for (int row = padding; row < padding + image_size; ++row)
    for (int column = padding; column < padding + image_size; ++column) {
      const double difference =
          double(a[row * padded_size + column]) - double(b[row * padded_size + column]);
      sum += difference * difference;
    }
  return sum;
}

Evaluation evaluate(kerf::Context &context, const vqvae::Params &params, const DataSet &test) {
  Evaluation evaluation;
  Images<inference_batch> images, outputs;
  std::vector<int64_t> codes(vqvae::ReconstructCodes::size);
  const int64_t count = test.size();
  for (int64_t first = 0; first < count; first += inference_batch) {
    // The last batch is filled up with the last image; only the `real` ones count.
    const int64_t real = std::min<int64_t>(inference_batch, count - first);
    test.copy(images, [&](int64_t i) { return std::min(first + i, count - 1); });
    vqvae::reconstruct(context, params, images, outputs, codes);
    for (int64_t i = 0; i < real; ++i) {
      const float *image = (*images)[i].data(), *output = (*outputs)[i].data();
      evaluation.mse += squared_error(image, output);
      if (first + i < shown) {
        add_crop(image, evaluation.originals);
        add_crop(output, evaluation.reconstructions);
      }
    }
    const int64_t latents = vqvae::ReconstructCodes::size / inference_batch;
    for (int64_t i = 0; i < real * latents; ++i)
      evaluation.usage[static_cast<size_t>(codes[static_cast<size_t>(i)])] +=
          1.0 / static_cast<double>(count * latents);
  }
  evaluation.mse /= static_cast<double>(count * image_size * image_size);
  return evaluation;
}

/// Rows of test images, each above the row of their reconstructions.
Picture reconstructions(const Evaluation &evaluation) {
  std::vector<const float *> grid;
  constexpr int pixels = image_size * image_size;
  const int available = static_cast<int>(evaluation.originals.size()) / pixels;
  for (int row = 0; row < available / shown_columns; ++row)
    for (const std::vector<float> *side : {&evaluation.originals, &evaluation.reconstructions})
      for (int column = 0; column < shown_columns; ++column)
        grid.push_back(side->data() + (row * shown_columns + column) * pixels);
  return image_grid({shown_columns, image_size, image_size}, grid);
}

Picture loss_curves(const Log &log) {
  const Curve curves[] = {{"loss", log.curves.at("loss"), {200, 80, 40}},
                          {"reconstruction alone", log.curves.at("reconstruction"), {40, 90, 180}}};
  return line_plot({"VQ-VAE on Fashion-MNIST", "step", "mean squared error", true}, curves);
}

Picture codebook_usage(const Evaluation &evaluation) {
  std::vector<double> percent = evaluation.usage;
  std::ranges::sort(percent, std::greater());
  for (double &share : percent)
    share *= 100;
  char title[128];
  std::snprintf(title, sizeof title, "%lld of %d codes in use, perplexity %.0f",
                static_cast<long long>(evaluation.codes_in_use()), static_cast<int>(vqvae::codes),
                evaluation.perplexity());
  return bar_chart({title, "code, most used first", "share of the test set's latents in %"},
                   percent);
}

int run(const TrainingOptions &options) {
  std::filesystem::create_directories(options.output);
  const FolderLock lock(options.output);
  const DataSet train(options.data + "/train-images-idx3-ubyte.gz"),
      test(options.data + "/t10k-images-idx3-ubyte.gz");
  std::printf(
      VQVAE_PROGRAM ": %lld training images, %lld test images, %lld steps of %d, seed %llu\n",
      static_cast<long long>(train.size()), static_cast<long long>(test.size()),
      static_cast<long long>(options.steps), batch, static_cast<unsigned long long>(options.seed));
  std::fflush(stdout);

  VqVaeTraining training(options, train);
  if (!training.run())
    return 130;
  const Evaluation evaluation = evaluate(training.context, training.params, test);
  const std::string folder = options.output + "/";
  kerf::runtime::save(folder + "weights.safetensors",
                      std::vector<kerf::runtime::Section>{
                          {"", kerf::table<vqvae::Params>(), training.params.data()}},
                      {{"format", "pt"}});
  write_png(folder + "reconstructions.png", reconstructions(evaluation));
  write_png(folder + "loss.png", loss_curves(training.log));
  write_png(folder + "codebook.png", codebook_usage(evaluation));
  training.forget();
  std::printf(VQVAE_PROGRAM
              ": wrote reconstructions.png, loss.png, codebook.png and weights.safetensors to %s\n",
              options.output.c_str());
  std::printf(
      VQVAE_PROGRAM ": test_mse=%.6f perplexity=%.2f images_per_second=%.0f train_seconds=%.1f\n",
      evaluation.mse, evaluation.perplexity(),
      static_cast<double>(options.steps * batch) / training.log.seconds, training.log.seconds);
  return 0;
}
} // namespace

int main(int argc, char **argv) {
  TrainingOptions options{.data = "/usr/share/datasets/fashion-mnist",
                          .output = "build/demo/" VQVAE_PROGRAM,
                          .steps = vqvae::steps};
  CLI::App app("Trains a VQ-VAE on Fashion-MNIST for one epoch, measures it on the test set, and "
               "writes pictures and "
               "weights. Ctrl-C leaves a checkpoint from which the same command goes on.");
  app.add_option("--data", options.data, "folder of the IDX files")->capture_default_str();
  kerf::apps::add_options(app, options);
  CLI11_PARSE(app, argc, argv);
  return kerf::apps::guarded(VQVAE_PROGRAM, [&] { return run(options); });
}
