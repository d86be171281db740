// Trains the flow on Fashion-MNIST and shows what an exact density is good for: bits per dimension,
// samples, the lower halves of images drawn from what the upper ones allow.
#include KERF_MODEL_HEADER

#include "models/data/fashion_mnist.h"
#include "models/data/order.h"
#include "models/pictures/plot.h"
#include "models/training/command_line.h"

#include <algorithm>
#include <cstdio>
#include <filesystem>

namespace {
using namespace kerf::data;
using namespace kerf::pictures;
using namespace kerf::training;
namespace artefact = KERF_MODEL;

constexpr int batch = artefact::TrainStepImages::shape[0],
              norm_batch = artefact::InitNormsImages::shape[0],
              test_batch = artefact::BitsImages::shape[0],
              sample_batch = artefact::SampleImages::shape[0],
              inpaint_batch = artefact::InpaintX::shape[0];

class FlowTraining : public Training {
public:
  FlowTraining(const TrainingOptions &options, const ImageSet &images)
      : Training(options,
                 {.name = KERF_MODEL_NAME,
                  .schedule = artefact::steps,
                  .step_size = batch,
                  .unit = "images",
                  .identity = {{"images", images.digest()}, {"recipe", artefact::training_hash}},
                  .curves = {},
                  .optimizers = {{"adam", {0}}},
                  .ranges = {}}),
        images(images), order(options.seed, images.size()) {
    context.get()->cpu_features = options.cpu_features;
    checkpoint.add(params);
    checkpoint.add(adam);
    checkpoint.add(progress);
  }

  kerf::RandomKey key(uint64_t stream) const {
    return kerf::RandomKey(Shuffle::key_of(options.seed, stream));
  }

  kerf::Block<artefact::Params> params;
  kerf::Context context{artefact::arena_bytes, options.threads};

private:
  int64_t done() const override { return progress->step; }

  void init() override {
    artefact::init(context, params, adam, progress, key(0));
    Images<norm_batch> first;
    images.copy(first, [&](int64_t i) { return order.at(i); });
    artefact::init_norms(context, params, first, key(1));
  }

  void step() override {
    images.copy(batch_images, [&](int64_t i) { return order.at(done() * batch + i); });
    note(artefact::train_step(context, params, adam, progress, batch_images, key(2)).loss, {});
  }

  std::string phase() const override {
    const int64_t epochs = (options.steps * batch + images.size() - 1) / images.size();
    return "epoch " + std::to_string((done() - 1) * batch / images.size() + 1) + "/" +
           std::to_string(epochs);
  }

  const ImageSet &images;
  DataOrder order;
  kerf::Block<artefact::Adam> adam;
  kerf::Block<artefact::Step> progress;
  Images<batch> batch_images;
};

/// Bits per dimension of the whole test set; its noise is the same whatever the training's was.
double test_bits(FlowTraining &training, const ImageSet &test) {
  Images<test_batch> images;
  std::vector<float> bits(test_batch);
  double sum = 0;
  const int64_t count = test.size();
  for (int64_t first = 0; first < count; first += test_batch) {
    // The last batch is filled up with the last image; only the real ones count.
    test.copy(images, [&](int64_t i) { return std::min(first + i, count - 1); });
    const auto number = static_cast<uint64_t>(first / test_batch);
    artefact::bits(training.context, training.params, images,
                   kerf::RandomKey(Shuffle::key_of(~uint64_t{0}, number)), bits);
    for (int64_t i = 0; i < std::min<int64_t>(test_batch, count - first); ++i)
      sum += bits[static_cast<size_t>(i)];
  }
  return sum / static_cast<double>(count);
}

constexpr int columns = 16, pixels = image_size * image_size;

Picture grid_of(const std::vector<float> &crops) {
  std::vector<const float *> images;
  for (size_t at = 0; at < crops.size(); at += pixels)
    images.push_back(crops.data() + at);
  return image_grid({columns, image_size, image_size}, images);
}

/// Two rows at each of these temperatures.
Picture samples(FlowTraining &training) {
  std::vector<float> crops;
  Images<sample_batch> images;
  for (const float temperature : {0.5f, 0.7f, 0.85f, 1.0f}) {
    artefact::sample(training.context, training.params, std::span(&temperature, 1), training.key(3),
                     images);
    for (int i = 0; i < 2 * columns; ++i)
      add_crop((*images)[static_cast<size_t>(i)].data(), crops);
  }
  return grid_of(crops);
}

/// Test images; the noise that their lower halves begin as; what two walks make of it.
Picture inpainting(FlowTraining &training, const ImageSet &test) {
  Images<inpaint_batch> images;
  test.copy(images, [&](int64_t i) { return std::min(i, test.size() - 1); });
  std::vector<float> crops, x(artefact::InpaintX::size), next(artefact::InpaintX::size);
  const auto row = [&] {
    for (int i = 0; i < columns; ++i)
      add_crop((*images)[static_cast<size_t>(i)].data(), crops);
  };
  row();
  const Images<inpaint_batch> originals = images;
  for (uint64_t walk = 0; walk < 2; ++walk) {
    artefact::begin_inpainting(training.context, originals, training.key(4), x, images);
    if (walk == 0)
      row();
    for (int64_t done = 0; done < artefact::turns; done += artefact::turns_of_call) {
      artefact::inpaint(training.context, training.params, x, std::span(&done, 1),
                        training.key(5 + walk), next, images);
      std::swap(x, next);
    }
    row();
  }
  return grid_of(crops);
}

int run(const TrainingOptions &options) {
  std::filesystem::create_directories(options.output);
  const FolderLock lock(options.output);
  const ImageSet train(options.data + "/train-images-idx3-ubyte.gz"),
      test(options.data + "/t10k-images-idx3-ubyte.gz");
  FlowTraining training(options, train);
  if (!training.run())
    return 130;
  const double bits = test_bits(training, test);
  const std::string folder = options.output + "/";
  save_weights(folder + "weights.safetensors", training.params);
  write_png(folder + "samples.png", samples(training));
  write_png(folder + "inpainting.png", inpainting(training, test));
  const Curve curves[] = {{"bits per dimension", training.log.curves.at("loss"), {200, 80, 40}}};
  write_png(folder + "loss.png",
            line_plot({"A flow on Fashion-MNIST", "step", "bits per dimension", true}, curves));
  training.forget();
  std::printf(KERF_MODEL_NAME ": wrote samples.png, inpainting.png, loss.png and "
                              "weights.safetensors to %s\n",
              options.output.c_str());
  std::printf(KERF_MODEL_NAME
              ": test_bits_per_dimension=%.4f images_per_second=%.0f train_seconds=%.1f\n",
              bits, static_cast<double>(options.steps * batch) / training.log.seconds,
              training.log.seconds);
  return 0;
}
} // namespace

int main(int argc, char **argv) {
  TrainingOptions options{.data = "/usr/share/datasets/fashion-mnist",
                          .output = "build/demo/" KERF_MODEL_NAME,
                          .steps = artefact::steps};
  CLI::App app("Trains a flow on Fashion-MNIST for two epochs, measures the density of the test "
               "set, and writes pictures and weights. Ctrl-C leaves a checkpoint from which the "
               "same command goes on.");
  app.add_option("--data", options.data, "folder of the IDX files")->capture_default_str();
  add_options(app, options, *artefact::entries[0]);
  CLI11_PARSE(app, argc, argv);
  return guarded(KERF_MODEL_NAME, [&] { return run(options); });
}
