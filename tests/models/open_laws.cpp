// Calls with any number of rows, from a program: what an open entry gives is what the bound one
// gives, and beyond its rows nothing changes.
#define CATCH_CONFIG_MAIN
#include <catch2/catch.hpp>

#include <open_batches.h>

#include <cmath>
#include <random>
#include <vector>

namespace {
namespace artefact = open_batches;

std::vector<float> numbers(std::size_t count) {
  std::minstd_rand random(1);
  std::vector<float> all(count);
  for (float &number : all)
    number = float(random() % 1000) / 500 - 1;
  return all;
}
} // namespace

TEST_CASE("rows apart: a batch is its rows, whatever others are in it", "[open]") {
  kerf::Context context(artefact::arena_bytes, 1);
  const std::vector<float> x = numbers(256 * 40), w = numbers(8 * 40);
  std::vector<float> all(256 * 8);
  artefact::dense(context, x, w, all);
  for (std::size_t rows : {1, 2, 7, 64, 255}) {
    std::vector<float> some(rows * 8 + 8, 7);
    artefact::dense(context, std::span(x).first(rows * 40), w, std::span(some).first(rows * 8));
    CHECK(std::equal(some.begin(), some.end() - 8, all.begin()));
    CHECK(std::count(some.end() - 8, some.end(), 7) == 8); // behind the rows nothing is written
  }
}

TEST_CASE("rows together: a mean counts the rows of the call", "[open]") {
  kerf::Context context(artefact::arena_bytes, 1);
  const std::vector<float> x = numbers(256 * 5), y = numbers(256), z = numbers(256 * 6);
  for (std::size_t rows : {1, 3, 100, 256}) {
    std::vector<float> each(5), mean_of_each(5), within(2);
    const auto results =
        artefact::over_rows(context, std::span(x).first(rows * 5), std::span(y).first(rows),
                            std::span(z).first(rows * 6), each, mean_of_each, within);
    double sum = 0, squares = 0;
    for (std::size_t i = 0; i < rows * 5; ++i)
      sum += x[i];
    for (std::size_t i = 0; i < rows; ++i)
      squares += double(x[i * 5]) * x[i * 5];
    CHECK(results.all == Approx(sum).margin(1e-4));
    CHECK(results.mean_of_all == Approx(sum / double(rows * 5)).margin(1e-6));
    CHECK(mean_of_each[0] == Approx(squares / double(rows)).margin(1e-6));
  }
}

TEST_CASE("noise is that of the rows there are", "[open]") {
  kerf::Context context(artefact::arena_bytes, 1);
  std::vector<float> few(3 * 5), many(256 * 5);
  artefact::noise(context, kerf::RandomKey(5), few);
  artefact::noise(context, kerf::RandomKey(5), many);
  CHECK(std::equal(few.begin(), few.end(), many.begin()));
}

TEST_CASE("what is no whole number of rows, or another than the others', is refused", "[open]") {
  kerf::Context context(artefact::arena_bytes, 1);
  const std::vector<float> x = numbers(300 * 40), w = numbers(8 * 40);
  std::vector<float> y(300 * 8);
  const auto refused = [&](std::size_t ofX, std::size_t ofY, const std::string &words) {
    CHECK_THROWS_WITH(artefact::dense(context, std::span(x).first(ofX), w, std::span(y).first(ofY)),
                      Catch::Contains(words));
  };
  refused(41, 8, "41 elements for rows of 40, want a multiple of it, one row at least");
  refused(0, 0, "0 elements for rows of 40");
  refused(80, 8, "open_batches_dense: y: axis 0 of shape [1, 8] is that of 1 rows, but x has 2");
  refused(257 * 40, 257 * 8, "is 257, want 1 to 256");
  CHECK(artefact::dense_most_rows == 256);
}

TEST_CASE("an argument of B * T has T for each row", "[open]") {
  kerf::Context context(artefact::arena_bytes, 1);
  const std::vector<float> x = numbers(2 * 3 * 3);
  std::vector<float> y(6 * 3);
  artefact::merged(context, x, y);
  for (std::size_t i = 0; i < x.size(); ++i)
    CHECK(y[i] == x[i] + 1);
  std::vector<float> five(5 * 3);
  CHECK_THROWS_WITH(artefact::merged(context, x, five),
                    Catch::Contains("is 5, want 3 for each row of 1 to 256"));
}

TEST_CASE("a training step takes any batch", "[open]") {
  kerf::Context context(artefact::arena_bytes, 1);
  kerf::Block<artefact::Net> net;
  kerf::Block<artefact::Adam> adam;
  artefact::init(context, net, adam, kerf::RandomKey(3));
  float loss = 0;
  for (std::size_t rows : {7, 64, 5, 256}) {
    const std::vector<float> images = numbers(rows * 64);
    std::vector<std::int64_t> labels(rows);
    for (std::size_t i = 0; i < rows; ++i)
      labels[i] = std::int64_t(i % 3);
    loss = artefact::train_step(context, net, adam, images, labels, kerf::RandomKey(rows)).loss;
    CHECK(std::isfinite(loss));
  }
  CHECK(adam->t == 4);
}
