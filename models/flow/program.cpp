// Trains the flow on Fashion-MNIST and shows what an exact density is good for: bits per dimension,
// samples, the lower halves of images drawn from what the upper ones allow.
#include KERF_MODEL_HEADER

#include "models/images/program.h"

#include <numeric>

namespace {
using namespace kerf::images;
using namespace kerf::pictures;
using kerf::data::ImageRows, kerf::data::Images, kerf::data::ImageSet, kerf::data::Shuffle;
using kerf::training::Results;
namespace artefact = KERF_MODEL;

constexpr int batch = artefact::TrainStepImages::shape[0],
              norm_batch = artefact::InitNormsImages::shape[0],
              test_batch = artefact::bits_most_rows,
              sample_batch = artefact::SampleImages::shape[0],
              columns = artefact::InpaintImages::shape[0];

class FlowTraining : public ImageTraining {
public:
  FlowTraining(const Options &options, const ImageSet &images)
      : ImageTraining(options, images, artefact::arena_bytes,
                      {.name = KERF_MODEL_NAME,
                       .schedule = artefact::steps,
                       .step_size = batch,
                       .identity = {{"recipe", artefact::training_hash}},
                       .curves = {},
                       .optimizers = {{"adam", {0}}},
                       .ranges = {}}) {
    checkpoint.add(params);
    checkpoint.add(adam);
    checkpoint.add(progress);
  }

  void show(const ImageSet &test, Results &results) {
    results.weights(params);
    results.picture("samples.png", samples());
    results.picture("inpainting.png", inpainting(test));
    const Curve curves[] = {{"bits per dimension", log.curves.at("loss"), {200, 80, 40}}};
    results.picture(
        "loss.png",
        line_plot({"A flow on Fashion-MNIST", "step", "bits per dimension", true}, curves));
    results.figure("test_bits_per_dimension", 4, test_bits(test));
  }

private:
  int64_t done() const override { return progress->step; }

  void init() override {
    artefact::init(context, params, adam, progress, key(0));
    Images<norm_batch> first;
    images.copy(first, [this](int64_t i) { return order.at(i); });
    artefact::init_norms(context, params, first, key(1));
  }

  void step() override {
    next(batch_images);
    note(artefact::train_step(context, params, adam, progress, batch_images, key(2)).loss, {});
  }

  /// Mean over the whole test set; its noise is the same for all seeds.
  double test_bits(const ImageSet &test) {
    Images<test_batch> shown;
    std::vector<float> bits;
    double sum = 0;
    in_batches(test, shown, [&](int64_t first, ImageRows images) {
      const auto number = static_cast<uint64_t>(first / test_batch);
      bits.resize(images.rows());
      artefact::bits(context, params, images,
                     kerf::RandomKey(Shuffle::key_of(~uint64_t{0}, number)), bits);
      sum = std::accumulate(bits.begin(), bits.end(), sum);
    });
    return sum / static_cast<double>(test.size());
  }

  /// Two rows at each temperature, of the same noise.
  Picture samples() {
    Crops crops;
    Images<sample_batch> drawn;
    for (const float temperature : {0.5f, 0.7f, 0.85f, 1.0f}) {
      artefact::sample(context, params, std::span(&temperature, 1), key(3), drawn);
      crops.add(ImageRows(drawn).first_rows(2 * columns));
    }
    return grid(crops, columns);
  }

  /// Test images; what is made of their lower halves from the likeliest latents, and from drawn
  /// ones: at first, and at last.
  Picture inpainting(const ImageSet &test) {
    Images<columns> originals, completed;
    test.copy(originals, [&](int64_t i) { return std::min(i, test.size() - 1); });
    Crops crops;
    crops.add(originals);
    kerf::Block<artefact::Search> search;
    kerf::Block<artefact::SearchAdam> search_adam;
    for (const float temperature : {0.0f, 0.7f}) {
      artefact::begin_inpainting(context, search, search_adam, std::span(&temperature, 1), key(4));
      for (int64_t turn = 0; turn < artefact::turns; ++turn) {
        artefact::inpaint(context, params, search, search_adam, originals, completed);
        if (turn == 0 && temperature > 0)
          crops.add(completed);
      }
      crops.add(completed);
    }
    return grid(crops, columns);
  }

  kerf::RandomKey key(uint64_t stream) const {
    return kerf::RandomKey(Shuffle::key_of(options.seed, stream));
  }

  kerf::Block<artefact::Params> params;
  kerf::Block<artefact::Adam> adam;
  kerf::Block<artefact::Step> progress;
  Images<batch> batch_images;
};

} // namespace

int main(int argc, char **argv) {
  return image_program<FlowTraining>(
      argc, argv,
      {KERF_MODEL_NAME,
       "Trains a flow on Fashion-MNIST for two epochs, measures the density of the test set, and "
       "writes pictures and weights. Ctrl-C leaves a checkpoint from which the same command goes "
       "on.",
       artefact::steps, batch, *artefact::entries[0]});
}
