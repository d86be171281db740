// A program that trains a model on a set of images and shows what it learned. The program itself
// says what a step is, and what there is to show.
#pragma once

#include "models/data/order.h"
#include "models/images/crops.h"
#include "models/training/command_line.h"
#include "models/training/results.h"

#include <filesystem>

namespace kerf::images {

/// A training on batches of a set of images, each epoch in an order of its own. The derived class
/// adds its blocks to `checkpoint`, and has besides `init`, `step` and `done` a member
/// `void show(const data::ImageSet &test, training::Results &results)`, called when the training is
/// over.
class ImageTraining : public training::Training {
public:
  /// What a person may ask; a program with more to ask has Options of its own, which derive from
  /// this, and adds them to the command line.
  using Options = training::TrainingOptions;
  static void add_options(CLI::App &, Options &) {}

  /// The unit and the content of the images are added to the plan.
  ImageTraining(const Options &options, const data::ImageSet &images,
                kerf::Context::ArenaBytes &arena_bytes, training::TrainingPlan plan);

  kerf::Context context;

protected:
  /// Which image is the i-th of the step to come.
  int64_t image(int64_t i) const { return order.at(done() * plan.step_size + i); }
  /// The images of the step to come.
  template <int64_t Batch> void next(data::Images<Batch> &batch) const {
    images.copy(batch, [this](int64_t i) { return image(i); });
  }
  std::string phase() const override;

  const data::ImageSet &images;
  const data::DataOrder order;
};

/// What the command line is for.
struct About {
  const char *name;
  const char *does; // "Trains …"
  int64_t steps;    // of the whole schedule
  int64_t step_size;
  const kerf_entry &entry; // one of the model's
};

/// Adds what a program asks to its command line, `--data` first.
void add_options(CLI::App &app, training::TrainingOptions &options, const About &about);
std::string train_file(const training::TrainingOptions &options);
std::string test_file(const training::TrainingOptions &options);
void greet(const About &about, const training::TrainingOptions &options,
           const data::ImageSet &train, const data::ImageSet &test);
/// main of a program whose training is `Trains`, made of options and the training images. Ctrl-C
/// leaves a checkpoint, from which the same command goes on.
template <class Trains> int image_program(int argc, char **argv, const About &about) {
  typename Trains::Options options;
  options.data = "/usr/share/datasets/fashion-mnist";
  options.output = std::string("build/demo/") + about.name;
  options.steps = about.steps;
  CLI::App app(about.does);
  add_options(app, options, about);
  Trains::add_options(app, options);
  CLI11_PARSE(app, argc, argv);
  return training::guarded(about.name, [&] {
    std::filesystem::create_directories(options.output);
    const training::FolderLock lock(options.output);
    const data::ImageSet train(train_file(options)), test(test_file(options));
    greet(about, options, train, test);
    Trains trains(options, train);
    if (!trains.run())
      return 130;
    training::Results results(options.output);
    trains.show(test, results);
    trains.forget();
    results.show(about.name, trains.log, options.steps * about.step_size, "images");
    return 0;
  });
}

} // namespace kerf::images
