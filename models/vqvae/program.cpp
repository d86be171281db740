// Trains the VQ-VAE, or a variant of it, on Fashion-MNIST and shows what it learned. Which one says
// the row of the model: KERF_MODEL is the namespace of its artefact.
#include KERF_MODEL_HEADER

#include "models/data/fashion_mnist.h"
#include "models/data/order.h"
#include "models/data/perplexity.h"
#include "models/pictures/plot.h"
#include "models/training/command_line.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <limits>

namespace {
using namespace kerf::data;
using namespace kerf::pictures;
using namespace kerf::training;
namespace artefact = KERF_MODEL;

constexpr int batch = artefact::TrainStepImages::shape[0];
constexpr int inference_batch = artefact::ReconstructImages::shape[0];
constexpr int codebook_batch = artefact::InitCodebookImages::shape[0];

/// What a train step keeps beside model and progress: Adam alone, or Adam among others.
template <class Results, class State>
State kept_by(Results (*)(kerf::Context &, artefact::Params &, State &, artefact::Step &,
                          artefact::TrainStepImages));
using State = decltype(kept_by(artefact::train_step));

template <class State> std::string name_of_adam() {
  const std::string name = kerf::table<State>().name;
  if constexpr (requires(State &state) { state.adam; })
    return name + ".adam";
  return name;
}

/// A codebook of moving averages counts rows.
template <class State> std::vector<Range> ranges_of_codebook() {
  if constexpr (requires(State &state) { state.codebook.count; })
    return {{std::string(kerf::table<State>().name) + ".codebook.count", 0,
             std::numeric_limits<float>::max()}};
  return {};
}

class VqVaeTraining : public Training {
public:
  VqVaeTraining(const TrainingOptions &options, const ImageSet &images)
      : Training(options,
                 {.name = KERF_MODEL_NAME,
                  .schedule = artefact::steps,
                  .step_size = batch,
                  .unit = "images",
                  .identity = {{"images", images.digest()}, {"recipe", artefact::training_hash}},
                  .curves = {{"reconstruction", {0, artefact::steps}},
                             {"perplexity", {artefact::warmup_steps, artefact::steps}}},
                  .optimizers = {{name_of_adam<State>(), {0, artefact::adam_begins}}},
                  .ranges = ranges_of_codebook<State>()}),
        images(images), order(options.seed, images.size()) {
    context.get()->cpu_features = options.cpu_features;
    checkpoint.add(params);
    checkpoint.add(state);
    checkpoint.add(progress);
  }

  kerf::Block<artefact::Params> params;
  kerf::Context context{artefact::arena_bytes, options.threads};

private:
  int64_t done() const override { return progress->step; }

  void init() override {
    artefact::init(context, params, state, progress, kerf::RandomKey(options.seed));
  }

  void step() override {
    if (done() == artefact::warmup_steps) {
      images.copy(codebook_images, [&](int64_t i) { return order.for_codebook(i); });
      artefact::init_codebook(context, params, state, codebook_images,
                              kerf::RandomKey(Shuffle::key_of(options.seed, 1)));
    }
    images.copy(batch_images, [&](int64_t i) { return order.at(done() * batch + i); });
    if (done() < artefact::warmup_steps) {
      const float loss = artefact::warmup_step(context, params, state, progress, batch_images).loss;
      note(loss, {{"reconstruction", loss}});
    } else {
      const auto losses = artefact::train_step(context, params, state, progress, batch_images);
      note(losses.loss,
           {{"reconstruction", losses.reconstruction}, {"perplexity", losses.perplexity}});
    }
  }

  std::string phase() const override {
    const int64_t images_done = (done() - 1) * batch;
    const int64_t epochs = (options.steps * batch + images.size() - 1) / images.size();
    return "epoch " + std::to_string(images_done / images.size() + 1) + "/" +
           std::to_string(epochs);
  }

  const ImageSet &images;
  DataOrder order;
  kerf::Block<State> state;
  kerf::Block<artefact::Step> progress;
  Images<batch> batch_images;
  Images<codebook_batch> codebook_images;
};

/// What the model makes of the whole test set.
struct Evaluation {
  double mse = 0; // of the 28 x 28 crop
  std::vector<double> usage =
      std::vector<double>(artefact::codes);      // share of the latents that have this code
  std::vector<float> originals, reconstructions; // crops of the first images

  auto codes_in_use() const {
    return std::ranges::count_if(usage, [](double share) { return share > 0; });
  }
};

constexpr int shown_columns = 16, shown_rows = 3, shown = shown_columns * shown_rows;

Evaluation evaluate(kerf::Context &context, const artefact::Params &params, const ImageSet &test) {
  Evaluation evaluation;
  Images<inference_batch> images, outputs;
  std::vector<int64_t> codes(artefact::ReconstructCodes::size);
  const int64_t count = test.size();
  for (int64_t first = 0; first < count; first += inference_batch) {
    // The last batch is filled up with the last image; only the `real` ones count.
    const int64_t real = std::min<int64_t>(inference_batch, count - first);
    test.copy(images, [&](int64_t i) { return std::min(first + i, count - 1); });
    artefact::reconstruct(context, params, images, outputs, codes);
    for (int64_t i = 0; i < real; ++i) {
      const float *image = (*images)[i].data(), *output = (*outputs)[i].data();
      evaluation.mse += squared_error(image, output);
      if (first + i < shown) {
        add_crop(image, evaluation.originals);
        add_crop(output, evaluation.reconstructions);
      }
    }
    const int64_t latents = artefact::ReconstructCodes::size / inference_batch;
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
                static_cast<long long>(evaluation.codes_in_use()),
                static_cast<int>(artefact::codes), perplexity(evaluation.usage));
  return bar_chart({title, "code, most used first", "share of the test set's latents in %"},
                   percent);
}

int run(const TrainingOptions &options) {
  std::filesystem::create_directories(options.output);
  const FolderLock lock(options.output);
  const ImageSet train(options.data + "/train-images-idx3-ubyte.gz"),
      test(options.data + "/t10k-images-idx3-ubyte.gz");
  std::printf(
      KERF_MODEL_NAME
      ": %lld training images, %lld test images, %lld steps of %d, seed %llu, threads %llu\n",
      static_cast<long long>(train.size()), static_cast<long long>(test.size()),
      static_cast<long long>(options.steps), batch, static_cast<unsigned long long>(options.seed),
      static_cast<unsigned long long>(options.threads));
  std::fflush(stdout);

  VqVaeTraining training(options, train);
  if (!training.run())
    return 130;
  const Evaluation evaluation = evaluate(training.context, training.params, test);
  const std::string folder = options.output + "/";
  save_weights(folder + "weights.safetensors", training.params);
  write_png(folder + "reconstructions.png", reconstructions(evaluation));
  write_png(folder + "loss.png", loss_curves(training.log));
  write_png(folder + "codebook.png", codebook_usage(evaluation));
  training.forget();
  std::printf(KERF_MODEL_NAME
              ": wrote reconstructions.png, loss.png, codebook.png and weights.safetensors to %s\n",
              options.output.c_str());
  std::printf(
      KERF_MODEL_NAME ": test_mse=%.6f perplexity=%.2f images_per_second=%.0f train_seconds=%.1f\n",
      evaluation.mse, perplexity(evaluation.usage),
      static_cast<double>(options.steps * batch) / training.log.seconds, training.log.seconds);
  return 0;
}
} // namespace

int main(int argc, char **argv) {
  TrainingOptions options{.data = "/usr/share/datasets/fashion-mnist",
                          .output = "build/demo/" KERF_MODEL_NAME,
                          .steps = artefact::steps};
  CLI::App app("Trains a VQ-VAE on Fashion-MNIST for one epoch, measures it on the test set, and "
               "writes pictures and "
               "weights. Ctrl-C leaves a checkpoint from which the same command goes on.");
  app.add_option("--data", options.data, "folder of the IDX files")->capture_default_str();
  add_options(app, options, *artefact::entries[0]);
  CLI11_PARSE(app, argc, argv);
  return guarded(KERF_MODEL_NAME, [&] { return run(options); });
}
