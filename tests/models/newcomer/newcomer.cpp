// The three systems against PyTorch in f64: gradients of step 0, losses of every step, what is
// generated. Data and weights of golden files by tests/parity/golden_newcomer.py.
#define CATCH_CONFIG_MAIN
#include <catch2/catch.hpp>

#include "ddpm.h"
#include "gpt.h"
#include "wgan_gp.h"

#include "safetensors.h"

#include <cmath>
#include <cstdio>

namespace {

using kerf::runtime::FileTensor;
using kerf::runtime::SafetensorsFile;

class Golden {
public:
  explicit Golden(const std::string &model)
      : model(model), file(KERF_GOLDEN "/newcomer_" + model + ".safetensors") {}

  template <class T> std::vector<T> read(const std::string &name) const {
    const FileTensor tensor = found(name);
    std::vector<T> values(tensor.bytes / sizeof(T));
    file.read(file.find(name), values.data());
    return values;
  }

  /// The parameters of a role, every one of them.
  template <class Content> void read(kerf::Block<Content> &block) const {
    const kerf_block &table = kerf::table<Content>();
    for (const kerf_leaf &leaf : std::span(table.leaves, table.num_leaves)) {
      const std::string name = std::string(table.name) + "." + leaf.name;
      REQUIRE(found(name).bytes == leaf.bytes);
      file.read(file.find(name), reinterpret_cast<char *>(block.data()) + leaf.offset);
    }
  }

  /// Each tensor of a role is within 1e-5 of PyTorch's, in the Euclidean norm; one that is less
  /// than a thousandth of the whole gradient, as of a bias that changes nothing, within 1e-8 of it.
  template <class Content> void check_gradients(const kerf::Block<Content> &block) const {
    const kerf_block &table = kerf::table<Content>();
    std::vector<double> errors, norms;
    double whole = 0, worst = 0;
    for (const kerf_leaf &leaf : std::span(table.leaves, table.num_leaves)) {
      const char *first = reinterpret_cast<const char *>(block.data()) + leaf.offset;
      const std::span got(reinterpret_cast<const float *>(first), leaf.bytes / sizeof(float));
      const auto want = read<float>(std::string(table.name) + "." + leaf.name);
      errors.push_back(distance(got, want));
      norms.push_back(distance(std::vector<float>(want.size()), want));
      whole = std::hypot(whole, norms.back());
    }
    REQUIRE(whole > 0);
    for (std::size_t i = 0; i < errors.size(); ++i) {
      const double error = errors[i] / std::max(norms[i], 1e-3 * whole);
      INFO(model << ": " << table.name << "." << table.leaves[i].name);
      CHECK(error <= 1e-5);
      worst = std::max(worst, error);
    }
    std::printf("%s: %s from PyTorch in f64: %.1e\n", model.c_str(), table.name, worst);
  }

  void check_losses(const std::vector<double> &got, const std::string &name) const {
    const std::vector<double> want = read<double>(name);
    REQUIRE(got.size() == want.size());
    double worst = 0;
    for (std::size_t step = 0; step < want.size(); ++step) {
      INFO(model << ": step " << step << " of " << name << ", want " << want[step]);
      CHECK(got[step] == Approx(want[step]).epsilon(1e-3));
      worst = std::max(worst, std::abs(got[step] / want[step] - 1));
    }
    std::printf("%s: %s of %zu steps from PyTorch in f64: %.1e\n", model.c_str(), name.c_str(),
                want.size(), worst);
  }

  /// |got - want|
  static double distance(std::span<const float> got, std::span<const float> want) {
    REQUIRE(got.size() == want.size());
    double sum = 0;
    for (std::size_t i = 0; i < want.size(); ++i)
      sum += std::pow(double(got[i]) - want[i], 2);
    return std::sqrt(sum);
  }

private:
  FileTensor found(const std::string &name) const {
    INFO(name << " in the golden file of " << model);
    REQUIRE(file.find(name) < file.size());
    return file[file.find(name)];
  }

  std::string model;
  SafetensorsFile file;
};

/// The loss at the end is below the one at the beginning, each a mean of 10 steps.
void check_falls(const std::vector<double> &losses) {
  double first = 0, last = 0;
  for (std::size_t i = 0; i < 10; ++i) {
    first += losses[i] / 10;
    last += losses[losses.size() - 10 + i] / 10;
  }
  CHECK(last < 0.9 * first);
}

} // namespace

TEST_CASE("gpt: gradients, 100 losses and drawn text as PyTorch's", "[gpt]") {
  const Golden golden("gpt");
  kerf::Context context(gpt::arena_bytes);
  kerf::Block<gpt::Params> params;
  kerf::Block<gpt::Adam> adam;
  golden.read(params);

  std::vector<std::int64_t> tokens;
  for (std::uint8_t letter : golden.read<std::uint8_t>("text"))
    tokens.push_back(letter == '\n' ? 95 : letter - ' ');
  constexpr std::size_t batch = gpt::TrainStepX::shape[0], length = 32;
  std::array<std::int64_t, batch * length> window, next;
  const auto take_windows = [&](std::size_t step) {
    for (std::size_t row = 0; row < batch; ++row) {
      const std::size_t start = 37 * (batch * step + row) % (tokens.size() - length - 1);
      std::copy_n(&tokens[start], length, &window[row * length]);
      std::copy_n(&tokens[start + 1], length, &next[row * length]);
    }
  };

  // Greedy at temperature 0 is another text.
  std::array<std::int64_t, gpt::GeneratePrompt::size> prompt;
  std::copy_n(&tokens[0], length, &prompt[0]);
  std::copy_n(&tokens[1000], length, &prompt[length]);
  std::vector<std::int64_t> drawn(gpt::GenerateText::size), likeliest(drawn.size());
  gpt::generate(context, params, prompt, 1, kerf::RandomKey(7), drawn);
  gpt::generate(context, params, prompt, 0, kerf::RandomKey(7), likeliest);
  CHECK(drawn == golden.read<std::int64_t>("written"));
  CHECK(drawn != likeliest);

  kerf::Block<gpt::Gradients> gradients;
  take_windows(0);
  gpt::gradients(context, params, gradients, window, next);
  golden.check_gradients(gradients);

  std::vector<double> losses;
  for (std::size_t step = 0; step < 100; ++step) {
    take_windows(step);
    losses.push_back(gpt::train_step(context, params, adam, window, next).loss);
  }
  golden.check_losses(losses, "losses");
  check_falls(losses);
}

TEST_CASE("ddpm: gradients, 100 losses and a sample as PyTorch's", "[ddpm]") {
  const Golden golden("ddpm");
  kerf::Context context(ddpm::arena_bytes);
  kerf::Block<ddpm::Params> params;
  kerf::Block<ddpm::Adam> adam;
  golden.read(params);

  std::vector<float> pixels;
  for (std::uint8_t pixel : golden.read<std::uint8_t>("pixels"))
    pixels.push_back(float(pixel) / 127.5f - 1);
  constexpr std::size_t batch = ddpm::TrainStepImages::size;

  std::vector<float> sample(ddpm::SampleImages::size);
  ddpm::sample(context, params, kerf::RandomKey(7), sample);
  const auto want = golden.read<float>("sample");
  const double error =
      Golden::distance(sample, want) / Golden::distance(std::vector<float>(want.size()), want);
  CHECK(error <= 1e-4);
  std::printf("ddpm: a sample of 100 steps from PyTorch in f64: %.1e\n", error);

  kerf::Block<ddpm::Gradients> gradients;
  ddpm::gradients(context, params, gradients, std::span(pixels).first(batch),
                  golden.read<std::int64_t>("t"), golden.read<float>("noise"));
  golden.check_gradients(gradients);

  std::vector<double> losses;
  for (std::size_t step = 0; step < 100; ++step)
    losses.push_back(
        ddpm::train_step(context, params, adam,
                         std::span(pixels).subspan(batch * step % pixels.size(), batch),
                         kerf::RandomKey(step))
            .loss);
  golden.check_losses(losses, "losses");
  check_falls(losses);
}

TEST_CASE("wgan_gp: gradients and 20 steps of both players as PyTorch's", "[wgan_gp]") {
  const Golden golden("wgan_gp");
  kerf::Context context(wgan_gp::arena_bytes);
  kerf::Block<wgan_gp::Generator> generator;
  kerf::Block<wgan_gp::Critic> critic;
  kerf::Block<wgan_gp::Adam> adam;
  kerf::Block<wgan_gp::CriticAdam> critic_adam;
  golden.read(generator);
  golden.read(critic);
  const std::vector<float> points = golden.read<float>("points");
  constexpr std::size_t batch = wgan_gp::CriticStepReal::size;
  const auto real = [&](std::size_t step) {
    return std::span(points).subspan(batch * step % points.size(), batch);
  };

  kerf::Block<wgan_gp::CriticGradients> critic_gradients;
  kerf::Block<wgan_gp::GeneratorGradients> generator_gradients;
  const std::vector<float> z = golden.read<float>("z");
  wgan_gp::critic_gradients(context, generator, critic, critic_gradients, real(0), z,
                            golden.read<float>("share"));
  golden.check_gradients(critic_gradients);
  const float loss =
      wgan_gp::generator_gradients(context, generator, critic, generator_gradients, z).loss;
  CHECK(loss == Approx(golden.read<double>("generator_loss")[0]).epsilon(1e-5));
  golden.check_gradients(generator_gradients);

  std::vector<double> losses, distances, penalties, generator_losses;
  for (std::size_t step = 0; step < 20; ++step) {
    const auto found = wgan_gp::critic_step(context, generator, critic, critic_adam, real(step),
                                            kerf::RandomKey(step));
    losses.push_back(found.loss);
    distances.push_back(found.distance);
    penalties.push_back(found.penalty);
    const kerf::RandomKey key(step | std::uint64_t(1) << 32);
    generator_losses.push_back(wgan_gp::generator_step(context, generator, critic, adam, key).loss);
  }
  golden.check_losses(losses, "losses");
  golden.check_losses(distances, "distances");
  golden.check_losses(penalties, "penalties");
  golden.check_losses(generator_losses, "generator_losses");
  check_falls(losses);
}
