// Trains the autoencoder on Fashion-MNIST; shows reconstructions and a walk between codes.
#include KERF_MODEL_HEADER

#include "models/images/program.h"
#include "models/images/walk.h"

namespace {
using namespace kerf::images;
using namespace kerf::pictures;
using kerf::data::ImageRows, kerf::data::Images, kerf::data::ImageSet;
using kerf::training::Results;
namespace artefact = KERF_MODEL;

constexpr int batch = artefact::TrainStepImages::shape[0];
constexpr int inference_batch = artefact::reconstruct_most_rows;

class AutoencoderTraining : public ImageTraining {
public:
  AutoencoderTraining(const Options &options, const ImageSet &images)
      : ImageTraining(options, images, artefact::arena_bytes,
                      {.name = KERF_MODEL_NAME,
                       .schedule = artefact::steps,
                       .step_size = batch,
                       .identity = {{"recipe", artefact::training_hash}},
                       .optimizers = {{"adam", {0}}}}) {
    checkpoint.add(params);
    checkpoint.add(adam);
  }

  void show(const ImageSet &test, Results &results);

private:
  int64_t done() const override { return adam->t; }
  void init() override { artefact::init(context, params, adam, kerf::RandomKey(options.seed)); }
  void step() override {
    next(batch_images);
    note(artefact::train_step(context, params, adam, batch_images).loss, {});
  }

  kerf::Block<artefact::Params> params;
  kerf::Block<artefact::Adam> adam;
  Images<batch> batch_images;
};

void AutoencoderTraining::show(const ImageSet &test, Results &results) {
  constexpr int columns = 16, side = 10;
  static_assert(side * side == inference_batch);
  Reconstructions reconstructions(3 * columns);
  Images<inference_batch> images, outputs;
  in_batches(test, images, [&](int64_t, ImageRows batch) {
    const ImageRows made = ImageRows(outputs).first_rows(batch.rows());
    artefact::reconstruct(context, params, batch, made);
    reconstructions.add(batch, made);
  });

  // The first boot, pullover, trousers and bag.
  constexpr int64_t corners[] = {0, 1, 2, 18};
  const ImageRows four = ImageRows(images).first_rows(std::size(corners));
  test.copy(four, [&](int64_t i) { return corners[i] % test.size(); });
  std::vector<float> codes(four.rows() * artefact::EncodeZ::row_size);
  artefact::encode(context, params, four, codes);
  artefact::decode(context, params, walk(codes, side), outputs);
  Crops between;
  between.add(outputs);

  const Curve curves[] = {{"loss", log.curves.at("loss"), {200, 80, 40}}};
  results.weights(params);
  results.picture("reconstructions.png", reconstructions.picture(columns));
  results.picture("walk.png", grid(between, side));
  results.picture(
      "loss.png",
      line_plot({"Autoencoder on Fashion-MNIST", "step", "mean squared error", true}, curves));
  results.figure("test_mse", 6, reconstructions.mse());
}

} // namespace

int main(int argc, char **argv) {
  return image_program<AutoencoderTraining>(
      argc, argv,
      {KERF_MODEL_NAME,
       "Trains an autoencoder on Fashion-MNIST for two epochs, measures it on the test set, and "
       "writes pictures and weights. Ctrl-C leaves a checkpoint from which the same command goes "
       "on.",
       artefact::steps, batch, *artefact::entries[0]});
}
