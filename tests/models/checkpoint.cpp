// A training that is saved, loaded and gone on with is the training without a break, bit for bit.
#define CATCH_CONFIG_MAIN
#include <catch2/catch.hpp>

#include "safetensors.h"
#include "vqvae16.h"

#include <cstdio>
#include <filesystem>
#include <random>
#include <unistd.h>

namespace {

using kerf::runtime::Section;

/// What one training holds. Starts of different seeds share nothing, so that what a load forgets
/// shows.
struct Training {
  kerf::Context context{vqvae16::arena_bytes};
  kerf::Block<vqvae16::Params> params;
  kerf::Block<vqvae16::Adam> adam;
  kerf::Block<vqvae16::Step> step;

  explicit Training(std::uint64_t seed) {
    vqvae16::init(context, params, adam, step, kerf::RandomKey(seed));
  }

  /// Pictures that depend on the number of the step only.
  template <class Images> static auto batch(unsigned number) {
    auto images = std::make_unique<std::array<float, Images::size>>();
    std::minstd_rand random(number + 1);
    for (float &pixel : *images)
      pixel = float(random() % 256) / 255;
    return images;
  }

  /// All kinds of step: 40 of warm-up, the codebook, and so on with it.
  void run(int from, int to) {
    for (int number = from; number < to; ++number) {
      if (number == 40)
        vqvae16::init_codebook(context, params, adam, *batch<vqvae16::InitCodebookImages>(number),
                               kerf::RandomKey(3));
      const auto images = batch<vqvae16::TrainStepImages>(number);
      last = number < 40 ? vqvae16::warmup_step(context, params, adam, step, *images).loss
                         : vqvae16::train_step(context, params, adam, step, *images).loss;
    }
  }

  std::vector<Section> sections() {
    return {{"", kerf::table<vqvae16::Params>(), params.data()},
            {"adam.", kerf::table<vqvae16::Adam>(), adam.data()},
            {"step.", kerf::table<vqvae16::Step>(), step.data()}};
  }

  float last = 0;
};

/// The tensors in which two trainings differ.
std::vector<std::string> differences(Training &a, Training &b) {
  std::vector<std::string> names;
  const auto left = a.sections(), right = b.sections();
  for (size_t i = 0; i < left.size(); ++i)
    for (const kerf_leaf &leaf : left[i].leaves)
      if (std::memcmp(static_cast<char *>(left[i].data) + leaf.offset,
                      static_cast<char *>(right[i].data) + leaf.offset, leaf.bytes) != 0)
        names.push_back(left[i].prefix + leaf.name);
  return names;
}

struct File {
  std::string path = (std::filesystem::temp_directory_path() /
                      ("kerf_checkpoint_" + std::to_string(getpid()) + ".safetensors"))
                         .string();
  ~File() { std::filesystem::remove(path); }
};

} // namespace

TEST_CASE("200 steps equal 100, a save, a load and 100 more, bit for bit", "[checkpoint]") {
  Training whole(7);
  whole.run(0, 200);

  File file;
  Training first(7);
  first.run(0, 100);
  kerf::runtime::save(file.path, first.sections());
  CHECK(!differences(first, whole).empty());

  Training second(8);
  kerf::runtime::load(kerf::runtime::SafetensorsFile(file.path), second.sections());
  CHECK(differences(first, second) == std::vector<std::string>{});
  second.run(100, 200);
  CHECK(differences(second, whole) == std::vector<std::string>{});
  CHECK(second.last == whole.last);
  CHECK(std::int64_t(second.step->step) == 200);
  CHECK(std::int64_t(second.adam->t) == 200); // the codebook does not begin it anew
}
