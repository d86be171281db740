// Trains the GAN on Fashion-MNIST and shows what its generator makes: while it learns, in the end,
// and between four points.
#include "models/gan/generator_training.h"

namespace {
using kerf::data::ImageSet;
using kerf::gan::GeneratorTraining;
namespace artefact = KERF_MODEL;

class GanTraining : public GeneratorTraining {
public:
  GanTraining(const Options &options, const ImageSet &images)
      : GeneratorTraining(options, images,
                          {.name = KERF_MODEL_NAME,
                           .schedule = artefact::steps,
                           .step_size = batch,
                           .identity = {{"recipe", artefact::training_hash}},
                           .curves = {{"generator", {0, artefact::steps}}},
                           .optimizers = {{"adam.generator", {0}}, {"adam.discriminator", {0}}}}) {
    checkpoint.add(adam);
  }

private:
  kerf::Block<artefact::Adam> adam;

  void init() override { artefact::init(context, params, adam, progress, key(1)); }
  void step() override {
    next(batch_images);
    const auto losses = artefact::train_step(context, params, adam, progress, batch_images, key(2));
    note(losses.loss, {{"generator", losses.generator_loss}});
    look();
  }
  kerf::pictures::Picture curves() const override {
    const kerf::pictures::Curve curves[] = {
        {"discriminator", log.curves.at("loss"), {200, 80, 40}},
        {"generator", log.curves.at("generator"), {40, 90, 180}}};
    return kerf::pictures::line_plot({"GAN on Fashion-MNIST", "step", "loss", false}, curves);
  }
};

} // namespace

int main(int argc, char **argv) {
  return kerf::images::image_program<GanTraining>(
      argc, argv,
      {KERF_MODEL_NAME,
       "Trains a GAN on Fashion-MNIST for four epochs, scores its samples by a classifier's "
       "features, and writes pictures and weights. Ctrl-C leaves a checkpoint from which the same "
       "command goes on.",
       artefact::steps, artefact::TrainStepImages::shape[0], *artefact::entries[0]});
}
