// What is the same in all programs of images.
#include "models/images/program.h"

namespace kerf::images {

static training::TrainingPlan completed(training::TrainingPlan plan, const data::ImageSet &images) {
  plan.unit = "images";
  plan.identity["images"] = images.digest();
  return plan;
}

ImageTraining::ImageTraining(const Options &options, const data::ImageSet &images,
                             kerf::Context::ArenaBytes &arena_bytes, training::TrainingPlan plan)
    : Training(options, completed(std::move(plan), images)), context(arena_bytes, options.threads),
      images(images), order(options.seed, images.size()) {
  context.get()->cpu_features = options.cpu_features;
}

std::string ImageTraining::phase() const {
  const int64_t epoch = (done() - 1) * plan.step_size / images.size() + 1;
  const int64_t epochs = (options.steps * plan.step_size + images.size() - 1) / images.size();
  return "epoch " + std::to_string(epoch) + "/" + std::to_string(epochs);
}

void add_options(CLI::App &app, training::TrainingOptions &options, const About &about) {
  app.add_option("--data", options.data, "folder of the IDX files")->capture_default_str();
  training::add_options(app, options, about.entry);
}

std::string train_file(const training::TrainingOptions &options) {
  return options.data + "/train-images-idx3-ubyte.gz";
}
std::string test_file(const training::TrainingOptions &options) {
  return options.data + "/t10k-images-idx3-ubyte.gz";
}

void greet(const About &about, const training::TrainingOptions &options,
           const data::ImageSet &train, const data::ImageSet &test) {
  std::printf(
      "%s: %lld training images, %lld test images, %lld steps of %lld, seed %llu, threads %llu\n",
      about.name, static_cast<long long>(train.size()), static_cast<long long>(test.size()),
      static_cast<long long>(options.steps), static_cast<long long>(about.step_size),
      static_cast<unsigned long long>(options.seed),
      static_cast<unsigned long long>(options.threads));
  std::fflush(stdout);
}

} // namespace kerf::images
