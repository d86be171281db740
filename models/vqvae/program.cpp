// Trains the VQ-VAE, or a variant of it, on Fashion-MNIST and shows what it learned. Which one says
// the row of the model: KERF_MODEL is the namespace of its artefact.
#include KERF_MODEL_HEADER

#include "models/images/program.h"
#include "models/data/perplexity.h"

namespace {
using namespace kerf::images;
using namespace kerf::pictures;
using kerf::data::ImageRows, kerf::data::Images, kerf::data::ImageSet, kerf::data::Shuffle;
using kerf::training::Range;
using kerf::training::Results;
namespace artefact = KERF_MODEL;

constexpr int batch = artefact::TrainStepImages::shape[0];
constexpr int inference_batch = artefact::reconstruct_most_rows;
constexpr int codebook_batch = artefact::InitCodebookImages::shape[0];

/// What a train step keeps beside model and progress: Adam alone, or Adam among others.
template <class Results, class State>
State kept_by(Results (*)(kerf::Context &, artefact::Params &, State &, artefact::Step &,
                          artefact::TrainStepImages));
using State = decltype(kept_by(artefact::train_step));

template <class State> std::string name_of_adam() {
  const std::string name = kerf::table<State>().name;
  if constexpr (requires(State &state) { state.adam; })
    return name + ".adam";
  return name;
}

/// A codebook of moving averages counts rows.
template <class State> std::vector<Range> ranges_of_codebook() {
  if constexpr (requires(State &state) { state.codebook.count; })
    return {{std::string(kerf::table<State>().name) + ".codebook.count", 0,
             std::numeric_limits<float>::max()}};
  return {};
}

class VqVaeTraining : public ImageTraining {
public:
  VqVaeTraining(const Options &options, const ImageSet &images)
      : ImageTraining(options, images, artefact::arena_bytes,
                      {.name = KERF_MODEL_NAME,
                       .schedule = artefact::steps,
                       .step_size = batch,
                       .identity = {{"recipe", artefact::training_hash}},
                       .curves = {{"reconstruction", {0, artefact::steps}},
                                  {"perplexity", {artefact::warmup_steps, artefact::steps}}},
                       .optimizers = {{name_of_adam<State>(), {0, artefact::adam_begins}}},
                       .ranges = ranges_of_codebook<State>()}) {
    checkpoint.add(params);
    checkpoint.add(state);
    checkpoint.add(progress);
  }

  void show(const ImageSet &test, Results &results);

private:
  int64_t done() const override { return progress->step; }

  void init() override {
    artefact::init(context, params, state, progress, kerf::RandomKey(options.seed));
  }

  void step() override {
    if (done() == artefact::warmup_steps) {
      images.copy(codebook_images, [&](int64_t i) { return order.for_codebook(i); });
      artefact::init_codebook(context, params, state, codebook_images,
                              kerf::RandomKey(Shuffle::key_of(options.seed, 1)));
    }
    next(batch_images);
    if (done() < artefact::warmup_steps) {
      const float loss = artefact::warmup_step(context, params, state, progress, batch_images).loss;
      note(loss, {{"reconstruction", loss}});
    } else {
      const auto losses = artefact::train_step(context, params, state, progress, batch_images);
      note(losses.loss,
           {{"reconstruction", losses.reconstruction}, {"perplexity", losses.perplexity}});
    }
  }

  kerf::Block<artefact::Params> params;
  kerf::Block<State> state;
  kerf::Block<artefact::Step> progress;
  Images<batch> batch_images;
  Images<codebook_batch> codebook_images;
};

Picture loss_curves(const kerf::training::Log &log) {
  const Curve curves[] = {{"loss", log.curves.at("loss"), {200, 80, 40}},
                          {"reconstruction alone", log.curves.at("reconstruction"), {40, 90, 180}}};
  return line_plot({"VQ-VAE on Fashion-MNIST", "step", "mean squared error", true}, curves);
}

/// `usage` is the share of the latents that have each code.
Picture codebook_usage(const std::vector<double> &usage) {
  std::vector<double> percent = usage;
  std::ranges::sort(percent, std::greater());
  for (double &share : percent)
    share *= 100;
  char title[128];
  std::snprintf(
      title, sizeof title, "%lld of %d codes in use, perplexity %.0f",
      static_cast<long long>(std::ranges::count_if(usage, [](double x) { return x > 0; })),
      static_cast<int>(artefact::codes), kerf::data::perplexity(usage));
  return bar_chart({title, "code, most used first", "share of the test set's latents in %"},
                   percent);
}

/// What the model makes of the whole test set.
void VqVaeTraining::show(const ImageSet &test, Results &results) {
  constexpr int columns = 16, rows = 3;
  Reconstructions reconstructions(columns * rows);
  std::vector<double> usage(artefact::codes);
  Images<inference_batch> images, outputs;
  std::vector<int64_t> codes;
  constexpr size_t latents = artefact::ReconstructCodes::row_size;
  in_batches(test, images, [&](int64_t, ImageRows batch) {
    const ImageRows made = ImageRows(outputs).first_rows(batch.rows());
    codes.resize(batch.rows() * latents);
    artefact::reconstruct(context, params, batch, made, codes);
    reconstructions.add(batch, made);
    for (const int64_t code : codes)
      usage[static_cast<size_t>(code)] += 1.0 / (static_cast<double>(test.size()) * latents);
  });
  results.weights(params);
  results.picture("reconstructions.png", reconstructions.picture(columns));
  results.picture("loss.png", loss_curves(log));
  results.picture("codebook.png", codebook_usage(usage));
  results.figure("test_mse", 6, reconstructions.mse());
  results.figure("perplexity", 2, kerf::data::perplexity(usage));
}

} // namespace

int main(int argc, char **argv) {
  return image_program<VqVaeTraining>(
      argc, argv,
      {KERF_MODEL_NAME,
       "Trains a VQ-VAE on Fashion-MNIST for one epoch, measures it on the test set, and writes "
       "pictures and weights. Ctrl-C leaves a checkpoint from which the same command goes on.",
       artefact::steps, batch, *artefact::entries[0]});
}
