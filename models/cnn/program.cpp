// Trains the classifier on Fashion-MNIST; shows what it confuses and where it is most wrong.
#include "models/cnn/score.h"

namespace {
using namespace kerf::images;
using namespace kerf::pictures;
using kerf::cnn::look, kerf::cnn::Seen;
using kerf::data::class_names;
using kerf::data::Images, kerf::data::ImageSet, kerf::data::LabelSet;
using kerf::training::Results;
namespace artefact = ::cnn;

constexpr int batch = artefact::TrainStepImages::shape[0];

class CnnTraining : public ImageTraining {
public:
  CnnTraining(const Options &options, const ImageSet &images)
      : CnnTraining(options, images,
                    LabelSet(options.data + "/train-labels-idx1-ubyte.gz", images.size())) {}

  void show(const ImageSet &test, Results &results);

private:
  CnnTraining(const Options &options, const ImageSet &images, LabelSet labels)
      : ImageTraining(
            options, images, artefact::arena_bytes,
            {.name = KERF_MODEL_NAME,
             .schedule = artefact::steps,
             .step_size = batch,
             .identity = {{"recipe", artefact::training_hash}, {"labels", labels.digest()}},
             .curves = {{"accuracy", {0, artefact::steps}}},
             .optimizers = {{"adam", {0}}}}),
        labels(std::move(labels)) {
    checkpoint.add(params);
    checkpoint.add(adam);
    checkpoint.add(progress);
  }

  int64_t done() const override { return progress->step; }
  void init() override {
    artefact::init(context, params, adam, progress, kerf::RandomKey(options.seed));
  }
  void step() override {
    next(batch_images);
    std::array<int64_t, batch> batch_labels;
    for (int64_t i = 0; i < batch; ++i)
      batch_labels[static_cast<size_t>(i)] = labels[image(i)];
    const auto losses =
        artefact::train_step(context, params, adam, progress, batch_images, batch_labels);
    note(losses.loss, {{"accuracy", losses.accuracy}});
  }

  const LabelSet labels;
  kerf::Block<artefact::Params> params;
  kerf::Block<artefact::Adam> adam;
  kerf::Block<artefact::Step> progress;
  Images<batch> batch_images;
};

/// A row per true class, a column per answer, in percent of the row.
Picture confusion(const Seen &seen, const LabelSet &labels) {
  constexpr int cell = 52, left = 110, top = 90;
  constexpr int classes = static_cast<int>(class_names.size());
  std::array<std::array<int, classes>, classes> counts{};
  std::array<int, classes> rows{};
  for (int64_t i = 0; i < seen.count(); ++i) {
    ++counts[static_cast<size_t>(labels[i])][static_cast<size_t>(seen.label(i))];
    ++rows[static_cast<size_t>(labels[i])];
  }
  Picture picture(left + classes * cell + 20, top + classes * cell + 20);
  picture.text(left, 12, "answers in % of the true class, which is on the left", black);
  for (int row = 0; row < classes; ++row) {
    const char *name = class_names[static_cast<size_t>(row)];
    picture.text(left - 10 - text_width(name), top + row * cell + 20, name, black);
    picture.text_upwards(left + row * cell + 20, top - 6, name, black, small_text);
    for (int column = 0; column < classes; ++column) {
      const double part = counts[static_cast<size_t>(row)][static_cast<size_t>(column)] /
                          std::max(1.0, static_cast<double>(rows[static_cast<size_t>(row)]));
      const auto shade = static_cast<uint8_t>(255 - 200 * std::sqrt(part));
      picture.fill(left + column * cell, top + row * cell, cell - 1, cell - 1,
                   row == column ? Color{shade, shade, 255} : Color{255, shade, shade});
      char text[16];
      std::snprintf(text, sizeof text, part < 0.1 ? "%.1f" : "%.0f", 100 * part);
      if (part > 0)
        picture.text(left + column * cell + (cell - text_width(text)) / 2, top + row * cell + 20,
                     text, black);
    }
  }
  return picture;
}

/// The images about which it is most sure and wrong: "bag for shirt" is a shirt taken for a bag.
Picture mistakes(const Seen &seen, const LabelSet &labels, const ImageSet &images) {
  constexpr int columns = 10, scale = 3, width = scale * 32, height = width + 36;
  std::vector<int64_t> wrong;
  for (int64_t i = 0; i < seen.count(); ++i)
    if (seen.label(i) != labels[i])
      wrong.push_back(i);
  std::ranges::sort(wrong, {}, [&](int64_t i) { return std::pair(-seen.confidence(i), i); });
  wrong.resize(std::min<size_t>(wrong.size(), 4 * columns));
  const int rows = std::max(1, (static_cast<int>(wrong.size()) + columns - 1) / columns);
  Picture picture(columns * (width + 6) + 6, rows * height + 6);
  kerf::data::Images<1> image;
  for (int at = 0; at < static_cast<int>(wrong.size()); ++at) {
    const int64_t i = wrong[static_cast<size_t>(at)];
    const int x = 6 + at % columns * (width + 6), y = 6 + at / columns * height;
    images.copy(image, [&](int64_t) { return i; });
    picture.image(x, y, (*image)[0].data(), 32, 32, scale);
    picture.text(x, y + width + 3, class_names[static_cast<size_t>(seen.label(i))], {180, 0, 0},
                 small_text);
    picture.text(x, y + width + 17, class_names[static_cast<size_t>(labels[i])], {0, 110, 0},
                 small_text);
  }
  return picture;
}

void CnnTraining::show(const ImageSet &test, Results &results) {
  const LabelSet truth(options.data + "/t10k-labels-idx1-ubyte.gz", test.size());
  const Seen seen = look(context, params, test, test.size());
  const Seen trained = look(context, params, images, std::min(images.size(), test.size()));
  int64_t right = 0;
  for (int64_t i = 0; i < seen.count(); ++i)
    right += seen.label(i) == truth[i];
  const Curve loss[] = {{"loss", log.curves.at("loss"), {200, 80, 40}}};
  std::vector<float> percent = log.curves.at("accuracy");
  for (float &share : percent)
    share *= 100;
  const Curve accuracy[] = {{"accuracy", percent, {40, 90, 180}}};
  results.weights(params);
  results.picture("confusion.png", confusion(seen, truth));
  results.picture("mistakes.png", mistakes(seen, truth, test));
  results.picture(
      "loss.png",
      line_plot({"Classifier of Fashion-MNIST", "step", "cross entropy in nats", true}, loss));
  results.picture("accuracy.png", line_plot({"Classifier of Fashion-MNIST", "step",
                                             "right answers in % of the batch"},
                                            accuracy));
  results.figure("test_accuracy", 4,
                 static_cast<double>(right) / static_cast<double>(seen.count()));
  // What a perfect sampler would reach: other real images against those of the test set.
  results.figure("frechet_train", 2,
                 frechet_distance(kerf::cnn::fit(trained.features, artefact::features),
                                  kerf::cnn::fit(seen.features, artefact::features)));
}

} // namespace

int main(int argc, char **argv) {
  return image_program<CnnTraining>(
      argc, argv,
      {KERF_MODEL_NAME,
       "Trains a classifier on Fashion-MNIST for five epochs, measures it on the test set, and "
       "writes pictures and weights. Ctrl-C leaves a checkpoint from which the same command goes "
       "on.",
       artefact::steps, batch, *artefact::entries[0]});
}
