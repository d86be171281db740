// Trains the WGAN on Fashion-MNIST and shows what its generator makes: while it learns, in the end,
// and between four points.
#include "models/gan/generator_training.h"

#include <limits>

namespace {
using kerf::data::ImageSet;
using kerf::gan::GeneratorTraining;
namespace artefact = KERF_MODEL;

constexpr int64_t step_size = artefact::critic_turns * artefact::TrainStepImages::shape[0];

class WganTraining : public GeneratorTraining {
public:
  WganTraining(const Options &options, const ImageSet &images)
      : GeneratorTraining(
            options, images,
            {.name = KERF_MODEL_NAME,
             .schedule = artefact::steps,
             .step_size = step_size,
             .identity = {{"recipe", artefact::training_hash}},
             .curves = {{"distance", {0, artefact::steps}}, {"penalty", {0, artefact::steps}}},
             .optimizers = {{"adam.generator", {0}}},
             .ranges = {{"adam.critic.v", 0, std::numeric_limits<float>::max()}}}) {
    checkpoint.add(adam);
  }

private:
  kerf::Block<artefact::Adam> adam;

  void init() override { artefact::init(context, params, adam, progress, key(1)); }
  void step() override {
    const auto turn = [this](int64_t number) {
      images.copy(batch_images, [&](int64_t i) { return image(number * batch + i); });
    };
    for (int64_t number = 0; number + 1 < artefact::critic_turns; ++number) {
      turn(number);
      artefact::critic_step(context, params, adam, progress, batch_images, key(2));
    }
    turn(artefact::critic_turns - 1);
    const auto losses = artefact::train_step(context, params, adam, progress, batch_images, key(2));
    note(losses.loss, {{"distance", losses.distance}, {"penalty", losses.penalty}});
    look();
  }
  kerf::pictures::Picture curves() const override {
    const kerf::pictures::Curve curves[] = {{"distance", log.curves.at("distance"), {200, 80, 40}},
                                            {"penalty", log.curves.at("penalty"), {40, 90, 180}}};
    return kerf::pictures::line_plot({"WGAN on Fashion-MNIST", "generator step", "", true}, curves);
  }
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
