// What dsl/guide.md says of its examples.
#define CATCH_CONFIG_MAIN
#include <catch2/catch.hpp>

#include "guide.h"

#include "safetensors.h"

#include <cmath>
#include <random>

namespace {

using Catch::Matchers::Contains;

TEST_CASE("an inner gradient takes captures as constants, an outer one flows through it",
          "[guide]") {
  kerf::Context context(guide::arena_bytes);
  const auto slopes = guide::slopes(context, 3, 5);
  CHECK(slopes.value == 75);
  CHECK(slopes.by_a == 25);
  CHECK(slopes.by_a_then_b == 10);
}

TEST_CASE("derivatives along a direction, of second order, in two arguments, of one's own",
          "[guide]") {
  kerf::Context context(guide::arena_bytes);
  const std::array<float, 2> x{0.25f, 1}, a{2, 3}, v{1, -2};
  std::array<float, 2> along, curved, by_x, by_a, cut;
  guide::bends(context, x, a, v, along, curved, by_x, by_a, cut);
  for (int i : {0, 1}) {
    const double s = std::sin(a[i] * x[i]), c = std::cos(a[i] * x[i]);
    CHECK(along[i] == Approx(a[i] * c * v[i]));
    CHECK(curved[i] == Approx(-a[i] * a[i] * s * v[i]));
    CHECK(by_x[i] == Approx(a[i] * c));
    CHECK(by_a[i] == Approx(x[i] * c));
    CHECK(cut[i] == v[i]);
  }
}

TEST_CASE("a module updates its buffers, an optimizer leaves them", "[guide]") {
  kerf::Context context(guide::arena_bytes);
  kerf::Block<guide::Affine> affine;
  kerf::Block<guide::AffineAdam> adam;
  affine->scale() = 1;
  affine->shift() = 2;
  CHECK(guide::affine_step(context, affine, adam, 5).result == 9);
  CHECK(affine->scale() == Approx(1 - 1e-3));
  CHECK(affine->shift() == Approx(0.9 * 2 + 0.1 * 5));
}

TEST_CASE("two players take a step each in one entry", "[guide]") {
  kerf::Context context(guide::arena_bytes);
  kerf::Block<guide::Generator> generator;
  kerf::Block<guide::Critic> critic;
  kerf::Block<guide::GeneratorAdam> adam;
  kerf::Block<guide::CriticRmsprop> rmsprop;
  kerf::Block<guide::Smooth> smooth;
  guide::start(context, generator, critic, adam, rmsprop, smooth, kerf::RandomKey(1));
  const float first_bias = generator->out.bias(0), first_threshold = critic->out.bias(0);
  std::array<float, 128> real;
  for (std::size_t i = 0; i < real.size(); ++i)
    real[i] = i % 2 ? -1 : 2;
  guide::PlayResults results{};
  for (int step = 0; step < 200; ++step)
    results =
        guide::play(context, generator, critic, adam, rmsprop, smooth, real, kerf::RandomKey(step));
  CHECK(adam->t() == 200);
  CHECK(results.norm > 0);
  CHECK(critic->out.bias(0) != first_threshold);
  CHECK(generator->out.bias(0) > first_bias + 0.05f); // towards 2
  CHECK(smooth->out.bias(0) > first_bias);
  CHECK(smooth->out.bias(0) < generator->out.bias(0)); // behind it
}

TEST_CASE("an optimizer of two maps", "[guide]") {
  kerf::Context context(guide::arena_bytes);
  kerf::Block<guide::Affine> affine;
  kerf::Block<guide::AffineSlopes> slopes;
  kerf::Block<guide::AffineM> m;
  affine->scale() = 1;
  affine->shift() = 2;
  m->scale() = -1;
  slopes->scale() = 10;
  guide::sign_steps(context, affine, slopes, m); // m = -0.9 + 1
  CHECK(m->scale() == Approx(0.1));
  CHECK(affine->scale() == 0.75f);
  CHECK(affine->shift() == 2);
}

TEST_CASE("one key draws the same again, folded keys draw other numbers, in loops too", "[guide]") {
  kerf::Context context(guide::arena_bytes);
  std::array<float, 4> first, again, second, sum, other;
  guide::draws(context, kerf::RandomKey(1), first, second, sum);
  CHECK(first != second);
  for (float x : sum)
    CHECK(std::abs(x) < 4); // of deviation 1; one number 100 times would make 10
  guide::draws(context, kerf::RandomKey(1), again, second, sum);
  CHECK(first == again);
  guide::draws(context, kerf::RandomKey(2), other, second, sum);
  CHECK(first != other);
}

TEST_CASE("a training with state learns three classes", "[guide]") {
  kerf::Context context(guide::arena_bytes);
  kerf::Block<guide::Params> params;
  kerf::Block<guide::Adam> adam;
  kerf::Block<guide::Statistics> statistics;
  guide::init(context, params, adam, statistics, kerf::RandomKey(3));
  const auto before = params->out.weight(0, 0);

  std::minstd_rand random(4);
  std::normal_distribution<float> noise(0, 0.3f);
  std::array<float, guide::TrainStepX::size> x;
  std::array<std::int64_t, guide::TrainStepLabels::size> labels;
  guide::TrainStepResults report{};
  for (int step = 0; step < 200; ++step) {
    for (std::size_t i = 0; i < labels.size(); ++i) {
      labels[i] = std::int64_t(random() % guide::classes);
      x[2 * i] = 7 + (labels[i] == 0 ? 2 : 0) + noise(random);
      x[2 * i + 1] = -4 + (labels[i] == 1 ? 2 : 0) + noise(random);
    }
    report = guide::train_step(context, params, adam, statistics, x, labels);
  }
  CHECK(report.accuracy > 0.9f);
  CHECK(statistics->steps() == 200);
  CHECK(statistics->mean(0) == Approx(7 + 2. / 3).margin(0.3));
  CHECK(params->out.weight(0, 0) != before);
}

TEST_CASE("a batch norm has seen the batch of a training step", "[guide]") {
  kerf::Context context(guide::arena_bytes);
  kerf::Block<guide::Digits> digits; // of zeros
  kerf::Block<guide::DigitsAdam> adam;
  std::array<float, guide::DigitsStepImages::size> images;
  images.fill(1);
  digits->conv.bias(3) = 5;
  digits->norm.running_mean(3) = 1;
  const std::array<std::int64_t, 4> labels{0, 1, 2, 3};
  const float loss =
      guide::digits_step(context, digits, adam, images, labels, kerf::RandomKey(1)).loss;
  CHECK(loss == Approx(std::log(10.)));
  CHECK(digits->norm.num_batches_tracked() == 1);
  CHECK(digits->norm.running_mean(3) == Approx(0.9 + 0.1 * 5));

  digits->out.bias(6) = 3;
  std::array<std::int64_t, 4> found;
  guide::digit_of(context, digits, images, found);
  CHECK(found == std::array<std::int64_t, 4>{6, 6, 6, 6});
  CHECK(digits->norm.num_batches_tracked() == 1); // an inference follows nothing
}

TEST_CASE("named dims and their product are numbers in the artefact", "[guide]") {
  kerf::Context context(guide::arena_bytes);
  static_assert(guide::PairsX::shape == std::array<std::int64_t, 3>{2, 3, 2});
  std::array<float, 12> x, rows;
  std::array<float, 18> products;
  for (std::size_t i = 0; i < x.size(); ++i)
    x[i] = float(i);
  guide::pairs(context, x, rows, products);
  CHECK(rows == x);
  CHECK(products[1] == 0 * 2 + 1 * 3);
}

TEST_CASE("weights that PyTorch saved under the names of the fields", "[guide]") {
  const std::string path = KERF_GOLDEN "/newcomer_guide.safetensors";
  kerf::Context context(guide::arena_bytes);
  // [load]
  kerf::Block<guide::Params> params;
  const kerf::runtime::SafetensorsFile file(path);
  const kerf::runtime::Section weights[] = {{"", kerf::table<guide::Params>(), params.data()}};
  kerf::runtime::load(file, weights); // all of them, or an exception that names each difference
  // [load]
  const kerf::runtime::SafetensorsFile saved(KERF_GOLDEN "/newcomer_guide_logits.safetensors");
  std::array<float, guide::LogitsX::size> x;
  std::array<float, guide::LogitsLogits::size> want, got;
  saved.read(saved.find("x"), x.data());
  saved.read(saved.find("logits"), want.data());
  guide::logits(context, params, x, got);
  for (std::size_t i = 0; i < want.size(); ++i)
    CHECK(got[i] == Approx(want[i]).epsilon(1e-5));

  const kerf::runtime::Section wrong[] = {{"model.", kerf::table<guide::Params>(), params.data()}};
  CHECK_THROWS_WITH(kerf::runtime::load(file, wrong), Contains("model.hidden.weight"));
}

} // namespace
