// Optimizers and schedules of 100 steps against PyTorch's, in f32 and f64; gradients, parameters
// and rates of a golden file by tests/parity/golden_optimizers.py. Laws of loss scaling.
#define CATCH_CONFIG_MAIN
#include <catch2/catch.hpp>

#include "optimizers.h"
#include "safetensors.h"

#include <cmath>
#include <cstdio>
#include <fstream>
#include <limits>
#include <map>

namespace {

using kerf::runtime::SafetensorsFile;

const SafetensorsFile &golden() {
  static const SafetensorsFile file(KERF_GOLDEN "/optimizers.safetensors");
  return file;
}

template <class T> std::vector<T> read(const std::string &name) {
  const std::size_t index = golden().find(name);
  INFO(name);
  REQUIRE(index < golden().size());
  std::vector<T> values(golden()[index].bytes / sizeof(T));
  golden().read(index, values.data());
  return values;
}

template <class Content> std::span<const kerf_leaf> leaves_of(const kerf::Block<Content> &) {
  const kerf_block &table = kerf::table<Content>();
  return {table.leaves, table.num_leaves};
}

/// The elements of a leaf.
template <class T, class Content>
std::span<T> elements(kerf::Block<Content> &block, const kerf_leaf &leaf) {
  char *first = reinterpret_cast<char *>(block.data()) + leaf.offset;
  return {reinterpret_cast<T *>(first), leaf.bytes / sizeof(T)};
}

/// The leaves of the net, from `prefix` of the file: row `step` of `steps`.
template <class T, class Content>
void fill(kerf::Block<Content> &net, const std::string &prefix, std::size_t step,
          std::size_t steps) {
  for (const kerf_leaf &leaf : leaves_of(net)) {
    const std::span<T> to = elements<T>(net, leaf);
    if (golden().find(prefix + leaf.name) == golden().size()) { // a buffer, a frozen part
      std::fill(to.begin(), to.end(), T(7));
      continue;
    }
    const auto all = read<float>(prefix + leaf.name);
    REQUIRE(all.size() == steps * to.size());
    for (std::size_t i = 0; i < to.size(); ++i)
      to[i] = T(all[step * to.size() + i]);
  }
}

/// Every player's parameters after `steps` steps are PyTorch's within `bound`, in units of the
/// leaf's largest element at first or now; what is not trained is as it was.
template <class T, class Content>
void check(kerf::Block<Content> &params, const std::string &type, int steps, double bound) {
  std::map<std::string, double> worst;
  for (const kerf_leaf &leaf : leaves_of(params)) {
    const std::string name = leaf.name, player = name.substr(0, name.find('.'));
    const std::span<const T> got = elements<T>(params, leaf);
    INFO(type << ": " << name << " after " << steps << " steps");
    if (name.ends_with("mean") || name.ends_with("fixed")) {
      for (T x : got)
        CHECK(x == 7);
      continue;
    }
    const auto want = read<T>(type + "." + std::to_string(steps) + "." + name);
    const auto first = read<float>("params" + name.substr(name.find('.')));
    REQUIRE(want.size() == got.size());
    double error = 0, largest = 0;
    for (std::size_t i = 0; i < want.size(); ++i) {
      error = std::max(error, std::abs(double(got[i]) - want[i]));
      largest = std::max({largest, std::abs(double(want[i])), std::abs(double(first[i]))});
    }
    CHECK(error <= bound * largest);
    worst[player] = std::max(worst[player], error / largest);
  }
  for (const auto &[player, error] : worst)
    std::printf("%s after %3d steps in %s: %.1e\n", player.c_str(), steps, type.c_str(), error);
}

template <class T, class First, class Gradients, class Params, class States>
void train(const std::string &type, double bound, auto begin, auto step) {
  kerf::Context context(optimizers::arena_bytes);
  kerf::Block<First> first;
  kerf::Block<Gradients> gradients;
  kerf::Block<Params> params;
  kerf::Block<States> states;
  fill<T>(first, "params.", 0, 1);
  begin(context, params, states, first);
  const auto norms = read<T>("norms." + type);
  REQUIRE(norms.size() == 100);
  for (int done = 0; done < 100; ++done) {
    fill<T>(gradients, "gradients.", done, 100);
    const float norm = step(context, params, states, gradients, std::array<double, 1>{1}).norm;
    CHECK(norm == Approx(double(norms[done])).epsilon(1e-6));
    if (done == 0 || done == 9 || done == 99)
      check<T>(params, type, done + 1, bound);
  }
}

TEST_CASE("100 steps of each optimizer in f32", "[optimizers]") {
  train<float, optimizers::First, optimizers::Gradients, optimizers::Params, optimizers::States>(
      "f32", 1e-6, optimizers::begin_f32, [](auto &&...x) { return optimizers::step_f32(x...); });
}

TEST_CASE("100 steps of each optimizer in f64", "[optimizers]") {
  train<double, optimizers::ExactFirst, optimizers::ExactGradients, optimizers::ExactParams,
        optimizers::ExactStates>("f64", 1e-12, optimizers::begin_f64,
                                 [](auto &&...x) { return optimizers::step_f64(x...); });
}

TEST_CASE("rates of 100 steps", "[optimizers]") {
  kerf::Context context(optimizers::arena_bytes);
  std::map<std::string, std::vector<double>> want;
  for (const char *name :
       {"constant", "linear", "decay", "cosine", "warm_up", "one_cycle", "inverse_sqrt", "step"})
    want[name] = read<double>(std::string("rates.") + name);
  for (std::int64_t step = 0; step < 100; ++step) {
    const auto got = optimizers::rates(context, std::array<std::int64_t, 1>{step});
    const auto check = [&](const char *name, double rate) {
      INFO(name << " at step " << step);
      CHECK(rate == Approx(want[name][step]).epsilon(1e-9));
    };
    check("constant", got.constant);
    check("linear", got.linear);
    check("decay", got.decay);
    check("cosine", got.cosine);
    check("warm_up", got.warm_up);
    check("one_cycle", got.one_cycle);
    check("inverse_sqrt", got.inverse_sqrt);
    check("step", got.step);
    CHECK(got.no_linear == 0.4);
    CHECK(got.no_cosine == 0.01);
    CHECK(got.no_warm_up == 1);
    CHECK((got.all_warm > 0 && got.all_warm <= 0.5));
  }
  const auto last = optimizers::rates(context, std::array<std::int64_t, 1>{100});
  CHECK(last.all_warm == 0.5);
}

TEST_CASE("the header says which tensors are buffers", "[optimizers]") {
  std::ifstream file(KERF_HEADER);
  int buffers = 0, others = 0;
  for (std::string line; std::getline(file, line);)
    if (line.find("> mean;") != std::string::npos || line.find("> weight;") != std::string::npos) {
      const bool is_mean = line.find("> mean;") != std::string::npos;
      CHECK(line.ends_with(", a buffer") == is_mean);
      (is_mean ? buffers : others)++;
    }
  CHECK(buffers > 0);
  CHECK(others > 0);
}

TEST_CASE("a step of gradients that are not finite is left out, and the scale halved",
          "[optimizers]") {
  kerf::Context context(optimizers::arena_bytes);
  kerf::Block<optimizers::Net> net;
  kerf::Block<optimizers::Scale> scale;
  kerf::Block<optimizers::FirstGradients> first;
  kerf::Block<optimizers::SecondGradients> second;
  const auto set = [](auto &block, float value) {
    for (const kerf_leaf &leaf : leaves_of(block))
      for (float &x : elements<float>(block, leaf))
        x = value;
  };
  set(net, 0);
  scale->factor() = 65536;
  set(first, 1 << 18);
  set(second, 1 << 17);
  const auto step = [&] { optimizers::scaled(context, net, scale, first, second); };
  step();
  CHECK(net->weight(4, 3) == -3); // the mean of 2^18 and 2^17 by 2^16
  CHECK(net->mean(0) == 0);
  CHECK(scale->factor() == 65536);
  step();
  CHECK(net->gain() == -6);
  CHECK(scale->steps() == 2);
  step(); // the third
  CHECK(net->gain() == -9);
  CHECK(scale->factor() == 131072);
  CHECK(scale->steps() == 0);
  second->bias(2) = std::numeric_limits<float>::quiet_NaN();
  step();
  CHECK(net->gain() == -9);
  CHECK(net->bias(0) == -9);
  CHECK(scale->factor() == 65536);
  CHECK(scale->steps() == 0);
  second->bias(2) = 0;
  scale->factor() = 0x1p127f; // whose double is not in f32
  for (int i = 0; i < 4; ++i)
    step();
  CHECK(scale->factor() == 0x1p127f);
  CHECK(scale->steps() == 1);
}

} // namespace
