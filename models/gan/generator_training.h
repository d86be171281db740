// What programs share that train a generator against something else: the pictures of what it makes,
// and their score. The artefact has entries `draw(key, z)` and `decode(params, z, images)`; the
// derived class adds its optimizers to the checkpoint.
#pragma once

#include KERF_MODEL_HEADER

#include "models/cnn/score.h"
#include "models/images/program.h"
#include "models/images/stages.h"
#include "models/images/walk.h"

namespace kerf::gan {
namespace artefact = ::KERF_MODEL;

class GeneratorTraining : public images::ImageTraining {
public:
  using Options = cnn::ScoredOptions;
  static void add_options(CLI::App &app, Options &options) { cnn::add_scores(app, options); }

  GeneratorTraining(const Options &options, const data::ImageSet &set, training::TrainingPlan plan)
      : ImageTraining(options, set, artefact::arena_bytes, std::move(plan)), scorer(options) {
    checkpoint.add(params);
    checkpoint.add(progress);
    artefact::draw(context, key(0), z);
  }

  void show(const data::ImageSet &test, training::Results &results) {
    const cnn::Score score = scorer.score(many(), test);
    results.weights(params);
    if (!stages.has(done())) // a run that ends before the schedule does
      add_stage();
    results.picture("training.png", stages.picture());
    results.picture("samples.png", decoded(z));
    results.picture("walk.png", decoded(images::walk(std::span(z).first(4 * latent), side)));
    results.picture("classes.png", score.chart("what the samples are taken for"));
    results.picture("loss.png", curves());
    score.add_to(results);
  }

protected:
  virtual pictures::Picture curves() const = 0;

  int64_t done() const override { return progress->step; }
  /// To be called after every step.
  void look() {
    if (stages.due(done()))
      add_stage();
  }
  RandomKey key(uint64_t purpose) const {
    return RandomKey(data::Shuffle::key_of(options.seed, purpose));
  }

  static constexpr int batch = artefact::TrainStepImages::shape[0];
  Block<artefact::Params> params;
  Block<artefact::Step> progress;
  data::Images<batch> batch_images;

private:
  void add_stage() {
    artefact::decode(context, params, z, samples);
    stages.add(done(), samples);
  }

  static constexpr int sample_batch = artefact::DecodeZ::shape[0], side = 10;
  static constexpr size_t latent = artefact::DecodeZ::shape[1];
  static_assert(side * side == sample_batch);

  pictures::Picture decoded(const std::vector<float> &points) {
    artefact::decode(context, params, points, samples);
    images::Crops crops;
    crops.add(samples);
    return grid(crops, side);
  }
  /// As many as there are test images of Fashion-MNIST.
  std::vector<float> many() {
    std::vector<float> all, points(artefact::DecodeZ::size);
    for (uint64_t i = 0; i < 10000 / sample_batch; ++i) {
      artefact::draw(context, key(1000 + i), points);
      artefact::decode(context, params, points, samples);
      const auto *pixels = (*samples)[0].data();
      all.insert(all.end(), pixels, pixels + artefact::DecodeImages::size);
    }
    return all;
  }

  cnn::Scorer scorer;
  data::Images<sample_batch> samples;
  std::vector<float> z = std::vector<float>(artefact::DecodeZ::size);
  images::Stages stages{artefact::steps, 10, 16};
};

} // namespace kerf::gan
