// How much samples look like the images of the test set, as the trained classifier sees them.
#pragma once

#include "models/cnn/frechet.h"
#include "models/images/program.h"

#include <cnn.h>

#include <array>

namespace kerf::cnn {

/// What the classifier sees in images, in their order.
struct Seen {
  std::vector<float> features;      // n x ::cnn::features
  std::vector<float> probabilities; // n x ::cnn::classes

  int64_t count() const { return std::ssize(probabilities) / ::cnn::classes; }
  /// The likeliest class of an image, and how likely it is.
  int64_t label(int64_t image) const;
  float confidence(int64_t image) const;
};

/// `images` are n x 1 x 32 x 32 pixels in [0, 1] within their frames, n of any size.
Seen look(kerf::Context &context, const ::cnn::Params &params, std::span<const float> images);
/// At the first `most` images of a set.
Seen look(kerf::Context &context, const ::cnn::Params &params, const data::ImageSet &images,
          int64_t most);

struct Score {
  double frechet;    // distance of the features from those of the real images
  double confidence; // mean probability of the likeliest class
  std::array<double, ::cnn::classes> share{}; // of samples that are taken for each class

  /// How many classes there are, if all were as frequent as one another.
  double classes() const;
  /// The figures frechet, classes and confidence of the last line. What a perfect sampler would
  /// reach says frechet_train of the classifier's own: other real images.
  void add_to(training::Results &results) const;
  /// The shares, as bars.
  pictures::Picture chart(const std::string &title) const;
};

/// The options of a program that scores its samples.
struct ScoredOptions : training::TrainingOptions {
  std::string scores = "build/demo/cnn";
};
void add_scores(CLI::App &app, ScoredOptions &options);

/// The classifier whose weights its demo has left.
class Scorer {
public:
  /// Throws std::runtime_error where there are no weights, and says how to get them.
  explicit Scorer(const ScoredOptions &options);

  /// `samples` as `look` takes images; there are 2 or more. The real images are taken to be the
  /// same in all calls.
  Score score(std::span<const float> samples, const data::ImageSet &real);

private:
  kerf::Context context;
  kerf::Block<::cnn::Params> params;
  std::optional<Gaussian> of_real;
};

} // namespace kerf::cnn
