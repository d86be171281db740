// Trains the VAE on Fashion-MNIST; shows reconstructions, samples, a walk through the latent space
// and how many nats each unit carries.
#include KERF_MODEL_HEADER

#include "models/cnn/score.h"
#include "models/images/walk.h"

#include <numeric>

namespace {
using namespace kerf::images;
using namespace kerf::pictures;
using kerf::data::ImageRows, kerf::data::Images, kerf::data::ImageSet, kerf::data::Shuffle;
using kerf::training::Results;
namespace artefact = KERF_MODEL;

constexpr int batch = artefact::TrainStepImages::shape[0];
constexpr int inference_batch = artefact::reconstruct_most_rows;
constexpr auto latent = static_cast<size_t>(artefact::latent);

/// What the model makes of the whole test set.
struct Evaluation {
  Reconstructions reconstructions{48};
  double squared_error = 0;                                     // per image, of a drawn code
  std::vector<double> divergence = std::vector<double>(latent); // per image, by unit: nats
  std::vector<double> mean = divergence, square = divergence;   // of the means of posteriors

  double nats() const {
    return std::accumulate(divergence.begin(), divergence.end(), squared_error);
  }
  /// The units whose posterior follows the image: its mean varies by more than 0.01   [Burda 2016]
  int active() const {
    int count = 0;
    for (size_t unit = 0; unit < latent; ++unit)
      count += square[unit] - mean[unit] * mean[unit] > 0.01;
    return count;
  }
};

class VaeTraining : public ImageTraining {
public:
  using Options = kerf::cnn::ScoredOptions;
  static void add_options(CLI::App &app, Options &options) { kerf::cnn::add_scores(app, options); }

  VaeTraining(const Options &options, const ImageSet &images)
      : ImageTraining(options, images, artefact::arena_bytes,
                      {.name = KERF_MODEL_NAME,
                       .schedule = artefact::steps,
                       .step_size = batch,
                       .identity = {{"recipe", artefact::training_hash}},
                       .curves = {{"reconstruction", {0, artefact::steps}},
                                  {"divergence", {0, artefact::steps}}},
                       .optimizers = {{"adam", {0}}}}),
        scorer(options) {
    checkpoint.add(params);
    checkpoint.add(adam);
    checkpoint.add(progress);
  }

  void show(const ImageSet &test, Results &results);

private:
  int64_t done() const override { return progress->step; }
  void init() override {
    artefact::init(context, params, adam, progress, kerf::RandomKey(options.seed));
  }
  void step() override {
    next(batch_images);
    const auto losses = artefact::train_step(context, params, adam, progress, batch_images, key(1));
    note(losses.loss,
         {{"reconstruction", losses.reconstruction}, {"divergence", losses.divergence}});
  }

  kerf::RandomKey key(uint64_t purpose) const {
    return kerf::RandomKey(Shuffle::key_of(options.seed, purpose));
  }
  Evaluation evaluate(const ImageSet &test);

  kerf::cnn::Scorer scorer;
  kerf::Block<artefact::Params> params;
  kerf::Block<artefact::Adam> adam;
  kerf::Block<artefact::Step> progress;
  Images<batch> batch_images;
};

Evaluation VaeTraining::evaluate(const ImageSet &test) {
  Evaluation evaluation;
  Images<inference_batch> images, outputs;
  std::vector<float> errors, divergences, means;
  const double share = 1 / static_cast<double>(test.size());
  in_batches(test, images, [&](int64_t first, ImageRows batch) {
    const ImageRows made = ImageRows(outputs).first_rows(batch.rows());
    artefact::reconstruct(context, params, batch, made);
    evaluation.reconstructions.add(batch, made);
    errors.resize(batch.rows());
    divergences.resize(batch.rows() * latent);
    means.resize(batch.rows() * latent);
    artefact::evaluate(context, params, batch, key(2 + static_cast<uint64_t>(first)), errors,
                       divergences, means);
    for (size_t i = 0; i < batch.rows(); ++i) {
      evaluation.squared_error += errors[i] * share;
      for (size_t unit = 0; unit < latent; ++unit) {
        const double mean = means[i * latent + unit];
        evaluation.divergence[unit] += divergences[i * latent + unit] * share;
        evaluation.mean[unit] += mean * share;
        evaluation.square[unit] += mean * mean * share;
      }
    }
  });
  return evaluation;
}

Picture units(const Evaluation &evaluation) {
  std::vector<double> nats = evaluation.divergence;
  std::ranges::sort(nats, std::greater());
  char title[128];
  std::snprintf(title, sizeof title, "%d of %zu units are active, KL %.1f nats per image",
                evaluation.active(), latent, evaluation.nats() - evaluation.squared_error);
  return bar_chart({title, "unit, most informative first", "KL to the prior in nats"}, nats);
}

void VaeTraining::show(const ImageSet &test, Results &results) {
  constexpr int columns = 16, side = 10;
  static_assert(side * side == inference_batch);
  const Evaluation evaluation = evaluate(test);

  // The first boot, pullover, trousers and bag, each by the mean of its posterior.
  Images<inference_batch> images;
  constexpr int64_t corners[] = {0, 1, 2, 18};
  const ImageRows four = ImageRows(images).first_rows(std::size(corners));
  test.copy(four, [&](int64_t i) { return corners[i] % test.size(); });
  std::vector<float> errors(four.rows()), divergences(four.rows() * latent),
      means(four.rows() * latent);
  artefact::evaluate(context, params, four, key(0), errors, divergences, means);
  Crops between, shown;
  artefact::decode(context, params, walk(means, side), images);
  between.add(images);
  constexpr uint64_t draws = 50;
  std::vector<float> samples;
  for (uint64_t draw = 0; draw < draws; ++draw) {
    artefact::sample(context, params, key(~draw), images);
    if (draw == 0)
      shown.add(images);
    samples.insert(samples.end(), images->begin(), images->end());
  }
  const kerf::cnn::Score score = scorer.score(samples, test);

  const Curve curves[] = {{"loss", log.curves.at("loss"), {200, 80, 40}},
                          {"squared error", log.curves.at("reconstruction"), {40, 90, 180}},
                          {"KL to the prior", log.curves.at("divergence"), {60, 140, 60}}};
  results.weights(params);
  results.picture("reconstructions.png", evaluation.reconstructions.picture(columns));
  results.picture("samples.png", grid(shown, side));
  results.picture("walk.png", grid(between, side));
  results.picture("units.png", units(evaluation));
  results.picture("loss.png",
                  line_plot({"VAE on Fashion-MNIST", "step", "nats per image", true}, curves));
  results.picture("classes.png", score.chart("Samples of the VAE, as the classifier takes them"));
  results.figure("nats", 3, evaluation.nats());
  results.figure("kl", 3, evaluation.nats() - evaluation.squared_error);
  results.figure("active_units", 0, evaluation.active());
  results.figure("test_mse", 6, evaluation.reconstructions.mse());
  score.add_to(results);
}

} // namespace

int main(int argc, char **argv) {
  return image_program<VaeTraining>(
      argc, argv,
      {KERF_MODEL_NAME,
       "Trains a VAE on Fashion-MNIST for two epochs, measures it on the test set, and writes "
       "pictures and weights. Ctrl-C leaves a checkpoint from which the same command goes on.",
       artefact::steps, batch, *artefact::entries[0]});
}
