// Moving rows and codes by one vector moves no weight of a code: losses, codes and slopes stay.
#define CATCH_CONFIG_MAIN
#include <catch2/catch.hpp>

#include "soft.h"

#include <cmath>
#include <random>
#include <vector>

namespace {

constexpr int rows = 96, codes = 130, features = 8;
using Numbers = std::vector<float>;

/// Multiples of 2^-9 in [-2, 2], which are exact 1,000 and 10,000 further on.
Numbers numbers(int count, unsigned seed) {
  std::mt19937 random(seed);
  Numbers x(count);
  for (float &element : x)
    element = std::ldexp(float(int(random() % 2049) - 1024), -9);
  return x;
}

/// Every second feature by the offset, the others half as far, back.
Numbers moved(Numbers x, float offset) {
  for (size_t i = 0; i < x.size(); ++i)
    x[i] += i % 2 ? offset : -offset / 2;
  return x;
}

double largest(const Numbers &x) {
  double most = 0;
  for (float element : x)
    most = std::max<double>(most, std::fabs(element));
  return most;
}

struct Weighed {
  float loss;
  std::vector<std::int64_t> chosen = std::vector<std::int64_t>(rows);
  Numbers by_z = Numbers(rows * features), by_e = Numbers(codes * features);
};

template <class Entry> Weighed run(Entry entry, float offset) {
  kerf::Context context(soft::arena_bytes);
  const Numbers z = moved(numbers(rows * features, 1), offset),
                e = moved(numbers(codes * features, 2), offset);
  Weighed w;
  w.loss = entry(context, z, e, w);
  return w;
}

template <class Entry> void check(Entry entry) {
  const Weighed at_home = run(entry, 0);
  CHECK(std::isfinite(at_home.loss));
  CHECK(largest(at_home.by_z) > 0);
  CHECK(largest(at_home.by_e) > 0);
  for (float offset : {-1000.0f, 10000.0f}) {
    const Weighed away = run(entry, offset);
    INFO("offset " << offset << ", loss " << at_home.loss << " and " << away.loss);
    CHECK(away.chosen == at_home.chosen);
    // An output is rounded as its size says, and the loss is that of outputs less rows.
    const double rounding = 1e-7 * std::fabs(offset);
    CHECK(std::fabs(away.loss - at_home.loss) <= 4 * rounding + 1e-5 * std::fabs(at_home.loss));
    double worst = 0;
    for (int i = 0; i < rows * features; ++i)
      worst = std::max<double>(worst,
                               std::fabs(away.by_z[i] - at_home.by_z[i]) / largest(at_home.by_z));
    for (int i = 0; i < codes * features; ++i)
      worst = std::max<double>(worst,
                               std::fabs(away.by_e[i] - at_home.by_e[i]) / largest(at_home.by_e));
    CHECK(worst <= 10 * rounding + 1e-5);
  }
}

#define WITHOUT_KEY(name)                                                                          \
  [](auto &context, const auto &z, const auto &e, Weighed &w) {                                    \
    return soft::name(context, z, e, w.chosen, w.by_z, w.by_e).loss;                               \
  }
#define WITH_KEY(name)                                                                             \
  [](auto &context, const auto &z, const auto &e, Weighed &w) {                                    \
    return soft::name(context, z, e, kerf::RandomKey(7), w.chosen, w.by_z, w.by_e).loss;           \
  }

} // namespace

TEST_CASE("entropies of codes far from the origin", "[soft]") { check(WITHOUT_KEY(entropies)); }
TEST_CASE("gumbel_softmax far from the origin", "[soft]") { check(WITH_KEY(gumbel)); }
TEST_CASE("straight_through_gumbel_softmax far from the origin", "[soft]") {
  check(WITH_KEY(chosen_by_gumbel));
}
TEST_CASE("index_backpropagation far from the origin", "[soft]") { check(WITHOUT_KEY(index)); }
TEST_CASE("sampled codes far from the origin", "[soft]") { check(WITH_KEY(sampled_codes)); }

TEST_CASE("ranked codes far from the origin", "[soft]") {
  kerf::Context context(soft::arena_bytes);
  const auto ranked = [&](float offset) {
    std::vector<std::int64_t> result(5 * rows);
    soft::ranked(context, moved(numbers(rows * features, 1), offset),
                 moved(numbers(codes * features, 2), offset), result);
    return result;
  };
  CHECK(ranked(-1000) == ranked(0));
  CHECK(ranked(10000) == ranked(0));
}
