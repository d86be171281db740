// Looks at samples with the features of the classifier.
#include "models/cnn/score.h"
#include "models/data/perplexity.h"

#include <unistd.h>

namespace kerf::cnn {
namespace {
constexpr int64_t batch = ::cnn::classify_most_rows;
constexpr int64_t pixels = data::padded_size * data::padded_size;

/// Adds what is seen in a batch.
void look(kerf::Context &context, const ::cnn::Params &params, data::ConstImageRows images,
          Seen &seen) {
  const size_t before = static_cast<size_t>(seen.count());
  seen.features.resize((before + images.rows()) * ::cnn::features);
  seen.probabilities.resize((before + images.rows()) * ::cnn::classes);
  ::cnn::classify(context, params, images,
                  std::span(seen.features).subspan(before * ::cnn::features),
                  std::span(seen.probabilities).subspan(before * ::cnn::classes));
}
} // namespace

int64_t Seen::label(int64_t image) const {
  const auto first = probabilities.begin() + image * ::cnn::classes;
  return std::max_element(first, first + ::cnn::classes) - first;
}
float Seen::confidence(int64_t image) const {
  return probabilities[static_cast<size_t>(image * ::cnn::classes + label(image))];
}

Seen look(kerf::Context &context, const ::cnn::Params &params, std::span<const float> images) {
  const int64_t count = std::ssize(images) / pixels;
  Seen seen;
  for (int64_t first = 0; first < count; first += batch)
    look(context, params,
         {images.data() + first * pixels, static_cast<size_t>(std::min(batch, count - first))},
         seen);
  return seen;
}

Seen look(kerf::Context &context, const ::cnn::Params &params, const data::ImageSet &images,
          int64_t most) {
  data::Images<batch> block;
  Seen seen;
  images::in_batches(images, block, [&](int64_t first, data::ImageRows batch) {
    if (first < most)
      look(context, params,
           batch.first_rows(std::min(batch.rows(), static_cast<size_t>(most - first))), seen);
  });
  return seen;
}

double Score::classes() const { return data::perplexity(share); }

void Score::add_to(training::Results &results) const {
  results.figure("frechet", 2, frechet);
  results.figure("classes", 2, classes());
  results.figure("confidence", 3, confidence);
}

pictures::Picture Score::chart(const std::string &title) const {
  std::vector<double> percent(share.begin(), share.end());
  for (double &part : percent)
    part *= 100;
  return pictures::bar_chart({.title = title,
                              .x_label = "taken for",
                              .y_label = "share of the samples in %",
                              .names = {data::class_names.begin(), data::class_names.end()}},
                             percent);
}

void add_scores(CLI::App &app, ScoredOptions &options) {
  app.add_option("--scores", options.scores, "folder of the classifier that scores samples")
      ->capture_default_str();
}

Scorer::Scorer(const ScoredOptions &options) : context(::cnn::arena_bytes, options.threads) {
  context.get()->cpu_features = options.cpu_features;
  const std::string path = options.scores + "/weights.safetensors";
  if (access(path.c_str(), F_OK) != 0)
    throw std::runtime_error(path + ": there is no such file, and samples are scored by it; "
                                    "./dev demo cnn makes it, --scores names its folder");
  const runtime::SafetensorsFile file(path);
  runtime::load(file,
                std::vector<runtime::Section>{{"", kerf::table<::cnn::Params>(), params.data()}});
}

Score Scorer::score(std::span<const float> samples, const data::ImageSet &real) {
  if (!of_real)
    of_real = fit(look(context, params, real, real.size()).features, ::cnn::features);
  const Seen seen = look(context, params, samples);
  Score score{frechet_distance(fit(seen.features, ::cnn::features), *of_real), 0};
  const double part = 1 / static_cast<double>(seen.count());
  for (int64_t i = 0; i < seen.count(); ++i) {
    score.share[static_cast<size_t>(seen.label(i))] += part;
    score.confidence += part * seen.confidence(i);
  }
  return score;
}

} // namespace kerf::cnn
