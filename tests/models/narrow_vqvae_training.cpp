// Trains the VQ-VAE on Fashion-MNIST in f32 and with products in bf16, from one initialisation, on
// the same images: narrow_vqvae_training [STEPS [SEEDS [FOLDER]]]. The first third of the steps is
// the warm-up, at most that of the demo.
//
// Which code a row takes is decided anew when weights differ in their last places, so the losses of
// one training are no measure: in f32 alone, from weights that differ by 1e-4 of themselves, they
// come to be as far apart. What is compared is the mean over trainings of several seeds, in which
// either difference shrinks as 1 / sqrt(seeds): of the small model's 150 steps 2.3 % of 8, 1.5 % of
// 16, 0.8 % of 32, and of f32 beside f32 1.6, 0.7 and 0.5 %. At the demo's settings 300 steps of 8
// seeds end 0.7 % apart, as f32 beside f32 by 0.9 %; means of 20 steps are 2.1 and 1.7 % apart.
#include KERF_MODEL_HEADER

#include "models/data/fashion_mnist.h"
#include "models/data/shuffle.h"
#include "tests/models/narrow_training.h"

#include <random>

namespace artefact = KERF_MODEL;

namespace {
using namespace kerf::data;
constexpr int batch = artefact::StepF32Images::shape[0];

struct Plan {
  const ImageSet &images;
  int steps, warm_up;
};

/// Every weight times 1 + up to `share`, at random.
void change(artefact::Params &params, double share, int seed) {
  std::mt19937 random{std::uint32_t(seed)};
  const std::span weights(reinterpret_cast<float *>(&params), sizeof params / sizeof(float));
  for (float &weight : weights)
    weight *= float(1 + share * (double(random()) / 2147483648.0 - 1));
}

/// The losses of one training from `seed`, of weights that are changed first.
template <class Warmup, class Step>
std::vector<double> train(kerf::Context &context, const Plan &plan, int seed, double share,
                          Warmup warmup_step, Step train_step) {
  kerf::Block<artefact::Params> params;
  kerf::Block<artefact::Adam> adam;
  kerf::Block<artefact::Step> progress;
  const auto key = std::uint64_t(seed);
  artefact::init(context, params, adam, progress, kerf::RandomKey(key));
  change(params, share, seed);
  const Shuffle order(std::uint64_t(plan.images.size()), Shuffle::key_of(key, 0));
  const auto place = [&](std::int64_t i) { return std::int64_t(order(std::uint64_t(i))); };
  Images<batch> these;
  std::vector<double> losses;
  for (int i = 0; i < plan.steps; ++i) {
    if (i == plan.warm_up) {
      Images<artefact::codes> first;
      plan.images.copy(first, place);
      artefact::init_codebook(context, params, adam, first,
                              kerf::RandomKey(Shuffle::key_of(key, 1)));
    }
    plan.images.copy(these, [&](std::int64_t k) { return place(std::int64_t(i) * batch + k); });
    losses.push_back(i < plan.warm_up ? warmup_step(context, params, adam, progress, these).loss
                                      : train_step(context, params, adam, progress, these).loss);
  }
  return losses;
}

void add(std::vector<double> &total, const std::vector<double> &losses, int seeds) {
  total.resize(losses.size());
  for (std::size_t i = 0; i < losses.size(); ++i)
    total[i] += losses[i] / seeds;
}
} // namespace

int main(int argc, char **argv) {
  const int steps = narrow_training::steps_of(argc, argv, 300);
  const int seeds = argc > 2 ? std::max(std::atoi(argv[2]), 1) : 32;
  const std::string folder = argc > 3 ? argv[3] : "/usr/share/datasets/fashion-mnist";
  const ImageSet images(folder + "/train-images-idx3-ubyte.gz");
  const Plan plan{images, steps, std::min(steps / 3, int(artefact::warmup_steps))};
  kerf::Context context(artefact::arena_bytes);
  const auto in_f32 = [&](int seed, double share) {
    return train(
        context, plan, seed, share, [](auto &...x) { return artefact::warmup_f32(x...); },
        [](auto &...x) { return artefact::step_f32(x...); });
  };
  std::vector<double> wide, narrow, changed;
  for (int seed = 1; seed <= seeds; ++seed) {
    add(wide, in_f32(seed, 0), seeds);
    add(changed, in_f32(seed, 1e-4), seeds);
    add(narrow,
        train(
            context, plan, seed, 0, [](auto &...x) { return artefact::warmup_bf16(x...); },
            [](auto &...x) { return artefact::step_bf16(x...); }),
        seeds);
  }
  std::printf("the mean of %d seeds; beside it, f32 from weights changed by 1e-4:\n", seeds);
  (void)narrow_training::are_close("VQ-VAE, f32 again", wide, changed);
  const bool are_f32 = narrow_training::is_f32(kerf::table<artefact::Params>()) &&
                       narrow_training::is_f32(kerf::table<artefact::Adam>());
  return are_f32 && narrow_training::are_close("VQ-VAE", wide, narrow) ? 0 : 1;
}
