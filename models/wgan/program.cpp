// Trains the WGAN on Fashion-MNIST and shows what its generator makes: while it learns, in the end,
// and between four points.
#include "models/gan/generator_training.h"

#include <limits>

namespace {
using kerf::data::ImageSet;
using kerf::gan::GeneratorTraining;
namespace artefact = KERF_MODEL;

constexpr int64_t step_size = artefact::critic_turns * artefact::TrainStepImages::shape[0];

struct WganOptions : kerf::cnn::ScoredOptions {
  bool penalty = false;
};

class WganTraining : public GeneratorTraining {
public:
  using Options = WganOptions;
  static void add_options(CLI::App &app, Options &options) {
    GeneratorTraining::add_options(app, options);
    app.add_flag("--penalty", options.penalty,
                 "hold the critic's slopes near 1 by a penalty in place of clipping its weights");
  }

  WganTraining(const Options &options, const ImageSet &images)
      : GeneratorTraining(options, images, plan_of(options)), penalty(options.penalty) {
    if (penalty)
      checkpoint.add(adam);
    else
      checkpoint.add(rmsprop);
  }

private:
  static kerf::training::TrainingPlan plan_of(const Options &options) {
    constexpr double most = std::numeric_limits<float>::max();
    kerf::training::TrainingPlan plan{
        .name = KERF_MODEL_NAME,
        .schedule = artefact::steps,
        .step_size = step_size,
        .identity = {{"recipe", artefact::training_hash},
                     {"critic", options.penalty ? "penalty" : "clipping"}},
        .curves = {{"distance", {0, artefact::steps}}},
        .optimizers = {},
        .ranges = {{"rmsprop.generator.square", 0, most}, {"rmsprop.critic.square", 0, most}}};
    if (options.penalty) {
      plan.curves["penalty"] = {0, artefact::steps};
      plan.optimizers = {{"adam.generator", {0}}};
      plan.ranges = {{"adam.critic.v", 0, most}};
    }
    return plan;
  }

  void init() override { artefact::init(context, params, adam, rmsprop, progress, key(1)); }

  void step() override {
    for (int64_t turn = 0; turn < artefact::critic_turns; ++turn) {
      images.copy(batch_images, [&](int64_t i) { return image(turn * batch + i); });
      const bool is_last = turn + 1 == artefact::critic_turns; // the generator's turn follows
      if (penalty)
        penalized(is_last);
      else
        clipped(is_last);
    }
    look();
  }
  void penalized(bool is_last) {
    if (!is_last) {
      artefact::critic_step(context, params, adam, progress, batch_images, key(2));
      return;
    }
    const auto losses = artefact::train_step(context, params, adam, progress, batch_images, key(2));
    note(losses.loss, {{"distance", losses.distance}, {"penalty", losses.penalty}});
  }
  void clipped(bool is_last) {
    if (!is_last) {
      artefact::clipped_critic_step(context, params, rmsprop, progress, batch_images, key(2));
      return;
    }
    const auto losses =
        artefact::clipped_train_step(context, params, rmsprop, progress, batch_images, key(2));
    note(losses.loss, {{"distance", -losses.loss}});
  }

  kerf::pictures::Picture curves() const override {
    std::vector<kerf::pictures::Curve> curves = {
        {"distance", log.curves.at("distance"), {200, 80, 40}}};
    if (penalty)
      curves.push_back({"penalty", log.curves.at("penalty"), {40, 90, 180}});
    return kerf::pictures::line_plot({"WGAN on Fashion-MNIST", "generator step", "", true}, curves);
  }

  const bool penalty;
  kerf::Block<artefact::Adam> adam;
  kerf::Block<artefact::Rmsprop> rmsprop;
};

} // namespace

int main(int argc, char **argv) {
  return kerf::images::image_program<WganTraining>(
      argc, argv,
      {KERF_MODEL_NAME,
       "Trains a WGAN on Fashion-MNIST, scores its samples by a classifier's features, and writes "
       "pictures and weights. Ctrl-C leaves a checkpoint from which the same command goes on.",
       artefact::steps, step_size, *artefact::entries[0]});
}
