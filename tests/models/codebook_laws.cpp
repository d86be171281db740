// Laws of codebook upkeep, on the compiled code of tests/models/codebooks.cpp.
#define CATCH_CONFIG_MAIN
#include <catch2/catch.hpp>

#include <codebooks.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <random>
#include <vector>

namespace {

constexpr int codes = 7, features = 5, rows = 13;
using Row = std::array<float, features>;
template <std::size_t count> using Rows = std::array<Row, count>;
using Chosen = std::array<int64_t, rows>;

/// Numbers in [-1, 1], another row at each place.
template <std::size_t count> Rows<count> rows_of(unsigned seed) {
  std::minstd_rand random(seed);
  Rows<count> result;
  for (Row &row : result)
    for (float &x : row)
      x = float(random() % 200001) / 100000 - 1;
  return result;
}
template <std::size_t count> std::span<const float> flat(const Rows<count> &rows) {
  return {rows[0].data(), count * features};
}

/// A codebook and its state, as a program holds them.
struct Upkeep {
  kerf::Context context{codebooks::arena_bytes};
  kerf::Block<codebooks::Codebook> codebook;
  kerf::Block<codebooks::State> state;

  Upkeep() { codebooks::start(context, codebook, state, flat(rows_of<codes>(1))); }

  Row code(int k) const { return row(codebook->embed[k]); }
  Row total(int k) const { return row(state->total[k]); }
  float count(int k) const { return state->count[k]; }

private:
  static Row row(const auto &view) {
    Row copy;
    std::copy(view.begin(), view.end(), copy.begin());
    return copy;
  }
};

/// The formulas of ema_update, in f64 and row by row.
struct Followed {
  std::array<double, codes> count;
  std::array<std::array<double, features>, codes> total, code;

  Followed(const Upkeep &before, const std::vector<Row> &rows, const std::vector<int> &chosen,
           double decay, double epsilon) {
    for (int k = 0; k < codes; ++k) {
      count[k] = decay * before.count(k);
      for (int d = 0; d < features; ++d)
        total[k][d] = decay * before.total(k)[d];
    }
    for (size_t i = 0; i < rows.size(); ++i) {
      count[chosen[i]] += 1 - decay;
      for (int d = 0; d < features; ++d)
        total[chosen[i]][d] += (1 - decay) * rows[i][d];
    }
    const double all = std::accumulate(count.begin(), count.end(), 0.0);
    for (int k = 0; k < codes; ++k)
      for (int d = 0; d < features; ++d)
        code[k][d] = total[k][d] / ((count[k] + epsilon) / (all + codes * epsilon) * all);
  }
};

void check_close(const Upkeep &got, const Followed &want) {
  const double bound = 8 * std::numeric_limits<float>::epsilon();
  for (int k = 0; k < codes; ++k) {
    INFO("code " << k);
    CHECK(got.count(k) == Approx(want.count[k]).epsilon(bound));
    for (int d = 0; d < features; ++d) {
      CHECK(got.total(k)[d] == Approx(want.total[k][d]).epsilon(bound).margin(bound));
      CHECK(got.code(k)[d] == Approx(want.code[k][d]).epsilon(bound).margin(bound));
    }
  }
}

/// The places in `from` of rows equal to `row`.
template <std::size_t count> int place(const Rows<count> &from, const Row &row) {
  const auto found = std::find(from.begin(), from.end(), row);
  return found == from.end() ? -1 : int(found - from.begin());
}

} // namespace

TEST_CASE("a new state is as if each code had had one row, equal to it", "[codebook]") {
  const Upkeep upkeep;
  for (int k = 0; k < codes; ++k) {
    CHECK(upkeep.code(k) == rows_of<codes>(1)[k]);
    CHECK(upkeep.total(k) == upkeep.code(k));
    CHECK(upkeep.count(k) == 1);
  }
}

TEST_CASE("moving averages follow the formula, and steps add up", "[codebook]") {
  Upkeep upkeep;
  const Rows<rows> z = rows_of<rows>(2);
  const Chosen chosen{2, 0, 2, 5, 5, 5, 2, 0, 6, 6, 1, 2, 2}; // nothing chooses 3 and 4
  for (int step = 0; step < 3; ++step) {
    const Followed want(upkeep, {z.begin(), z.end()}, {chosen.begin(), chosen.end()}, 0.99, 1e-5);
    codebooks::follow(upkeep.context, upkeep.codebook, upkeep.state, flat(z), chosen);
    check_close(upkeep, want);
  }
  CHECK(upkeep.count(3) == Approx(0.99 * 0.99 * 0.99));
}

TEST_CASE("masked rows count for nothing, NaN included", "[codebook]") {
  Upkeep upkeep;
  Rows<6> z = rows_of<6>(3);
  z[1].fill(std::numeric_limits<float>::quiet_NaN());
  z[4].fill(std::numeric_limits<float>::infinity());
  const std::array<int64_t, 6> chosen{0, 1, 1, 6, 6, 3};
  const std::array<bool, 6> real{true, false, true, true, false, true};
  const Followed want(upkeep, {z[0], z[2], z[3], z[5]}, {0, 1, 6, 3}, 0.75, 1e-3);
  codebooks::follow_masked(upkeep.context, upkeep.codebook, upkeep.state, flat(z), chosen, real);
  check_close(upkeep, want);
}

TEST_CASE("a code whose rows stay the same becomes their mean", "[codebook]") {
  Upkeep upkeep;
  const Rows<rows> z = rows_of<rows>(4);
  Chosen chosen;
  for (int i = 0; i < rows; ++i)
    chosen[i] = i % codes;
  for (int step = 0; step < 3000; ++step)
    codebooks::follow(upkeep.context, upkeep.codebook, upkeep.state, flat(z), chosen);
  for (int d = 0; d < features; ++d) // code 6 has one row, the others two; epsilon moves them 1e-5
    CHECK(upkeep.code(2)[d] == Approx((z[2][d] + z[9][d]) / 2).margin(1e-4));
}

TEST_CASE("dead codes become different rows of the batch; live ones keep every bit", "[codebook]") {
  const Rows<rows> z = rows_of<rows>(5);
  std::array<int, rows> taken{};
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    Upkeep upkeep;
    const float counts[codes] = {0.5f, 0.49f, 0, 12, 0.5000001f, 1e-9f, 0.3f};
    std::copy(counts, counts + codes, upkeep.state->count.begin());
    const Upkeep before; // and so were the codes
    codebooks::revive_codes(upkeep.context, upkeep.codebook, upkeep.state, flat(z),
                            kerf::RandomKey(seed));
    std::vector<int> places;
    for (int k = 0; k < codes; ++k) {
      INFO("seed " << seed << " code " << k);
      if (counts[k] >= 0.5f) {
        CHECK(upkeep.code(k) == before.code(k));
        CHECK(upkeep.total(k) == before.total(k));
        CHECK(upkeep.count(k) == counts[k]);
        continue;
      }
      CHECK(place(z, upkeep.code(k)) >= 0);
      CHECK(upkeep.count(k) == 0.5f);
      for (int d = 0; d < features; ++d)
        CHECK(upkeep.total(k)[d] == 0.5f * upkeep.code(k)[d]);
      places.push_back(place(z, upkeep.code(k)));
      ++taken[size_t(places.back())];
    }
    std::ranges::sort(places);
    CHECK(std::ranges::adjacent_find(places) == places.end());
  }
  CHECK(std::ranges::count(taken, 0) == 0); // 160 draws from 13 rows reach all of them
}

TEST_CASE("fewer rows than dead codes revive them all", "[codebook]") {
  const Rows<3> z = rows_of<3>(6);
  for (int dead : {2, 3, 7}) {
    Upkeep upkeep;
    std::fill_n(upkeep.state->count.begin(), dead, 0.0f);
    codebooks::revive_from_few(upkeep.context, upkeep.codebook, upkeep.state, flat(z),
                               kerf::RandomKey(7));
    std::array<int, 3> taken{};
    for (int k = 0; k < codes; ++k) {
      const int from = place(z, upkeep.code(k));
      CHECK((from >= 0) == (k < dead));
      CHECK(upkeep.count(k) == 1);
      if (from >= 0)
        ++taken[from];
    }
    std::ranges::sort(taken);
    CHECK(taken[0] == dead / 3); // and over again
    CHECK(taken[1] >= 1);
  }
}

TEST_CASE("masked rows give life to no code while there are others", "[codebook]") {
  const Rows<6> z = rows_of<6>(8);
  const std::array<bool, 6> real{true, false, true, true, false, true};
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    Upkeep upkeep;
    for (int k : {1, 4, 6})
      upkeep.state->count[k] = 0;
    codebooks::revive_masked(upkeep.context, upkeep.codebook, upkeep.state, flat(z), real,
                             kerf::RandomKey(seed));
    for (int k : {1, 4, 6})
      CHECK(real[place(z, upkeep.code(k))]);
  }
}

TEST_CASE("directions are followed by what has length one, along any axis", "[codebook]") {
  kerf::Context context(codebooks::arena_bytes);
  kerf::Block<codebooks::Circle> circle;
  kerf::Block<codebooks::Averages> averages;
  const auto z = rows_of<8>(12); // 5 x 2 x 4 numbers, features on axis 1
  const auto feature = [&](int i, int d) { return double(flat(z)[i / 4 * 8 + d * 4 + i % 4]); };
  std::array<int64_t, 20> chosen;
  double count[3] = {1, 2, 3}, total[3][2] = {{0.5, 0}, {0, -1}, {1, 1}};
  for (int k = 0; k < 3; ++k) {
    averages->count[k] = float(count[k]);
    count[k] /= 2;
    for (int d = 0; d < 2; ++d) {
      averages->total(k, d) = float(total[k][d]);
      total[k][d] /= 2;
    }
  }
  for (int i = 0; i < 20; ++i) {
    chosen[i] = i % 7 == 0 ? 1 : i % 2 * 2; // 3, 8 and 9 times
    const double length = std::hypot(feature(i, 0), feature(i, 1));
    count[chosen[i]] += 0.5;
    for (int d = 0; d < 2; ++d)
      total[chosen[i]][d] += 0.5 * feature(i, d) / length;
  }
  codebooks::follow_directions(context, circle, averages, flat(z), chosen);
  for (int k = 0; k < 3; ++k) {
    const double length = std::hypot(total[k][0], total[k][1]);
    CHECK(averages->count[k] == Approx(count[k]));
    for (int d = 0; d < 2; ++d) {
      CHECK(averages->total(k, d) == Approx(total[k][d]).margin(1e-6));
      CHECK(circle->embed(k, d) == Approx(total[k][d] / length).margin(1e-6));
    }
  }

  averages->count[1] = 1.5f;
  codebooks::revive_directions(context, circle, averages, flat(z), kerf::RandomKey(1));
  double nearest = INFINITY; // of the directions of rows to the one that code 1 became
  for (int i = 0; i < 20; ++i) {
    const double length = std::hypot(feature(i, 0), feature(i, 1));
    nearest = std::min(nearest, std::hypot(feature(i, 0) / length - circle->embed(1, 0),
                                           feature(i, 1) / length - circle->embed(1, 1)));
  }
  CHECK(nearest < 1e-6);
  CHECK(averages->count[1] == 2);
  CHECK(averages->total(1, 0) == 2 * circle->embed(1, 0));
}

TEST_CASE("measures of use", "[codebook]") {
  kerf::Context context(codebooks::arena_bytes);
  std::array<float, codes> counts;
  const Chosen chosen{2, 0, 2, 5, 5, 5, 2, 0, 6, 6, 1, 2, 2};
  const auto [perplexity, usage] = codebooks::use(context, chosen, counts);
  CHECK(counts == std::array<float, codes>{2, 1, 5, 0, 0, 3, 2});
  CHECK(usage == Approx(5.0 / 7));
  double entropy = 0;
  for (double n : {2, 1, 5, 3, 2})
    entropy -= n / 13 * std::log(n / 13);
  CHECK(perplexity == Approx(std::exp(entropy)).epsilon(1e-6));

  const auto none =
      codebooks::use(context, Chosen{-1, 3, 3, -1, -1, -1, -1, -1, -1, -1, -1, -1, 0}, counts);
  CHECK(counts == std::array<float, codes>{1, 0, 0, 2, 0, 0, 0});
  CHECK(none.usage == Approx(2.0 / 7));

  const auto one = codebooks::use(context, Chosen{}, counts);
  CHECK(one.perplexity == 1);
  CHECK(one.usage == Approx(1.0 / 7));
}

namespace {

constexpr int points = 41;
struct Clustered {
  Rows<codes> centers;
  std::array<float, codes> count;

  /// Sum of squared distances of rows to the nearest center.
  double inertia(const Rows<points> &z) const {
    double sum = 0;
    for (const Row &row : z)
      sum += distance(row, centers[nearest(row)]);
    return sum;
  }
  std::size_t nearest(const Row &row) const {
    std::size_t best = 0;
    for (std::size_t k = 1; k < codes; ++k)
      if (distance(row, centers[k]) < distance(row, centers[best]))
        best = k;
    return best;
  }
  static double distance(const Row &a, const Row &b) {
    double sum = 0;
    for (int d = 0; d < features; ++d)
      sum += (double(a[d]) - b[d]) * (double(a[d]) - b[d]);
    return sum;
  }
};

/// k-means after 0, 1, 2 or 20 iterations.
Clustered cluster(int iterations, const Rows<points> &z, std::uint64_t seed) {
  kerf::Context context(codebooks::arena_bytes);
  Clustered result;
  const kerf::View<float, codes, features> centers(result.centers[0].data());
  const auto entry = iterations == 0   ? codebooks::clusters0
                     : iterations == 1 ? codebooks::clusters1
                     : iterations == 2 ? codebooks::clusters2
                                       : codebooks::clusters20;
  entry(context, flat(z), kerf::RandomKey(seed), centers, result.count);
  return result;
}

} // namespace

TEST_CASE("k-means: each iteration brings rows nearer to centers, until they are means",
          "[kmeans]") {
  const Rows<points> z = rows_of<points>(9);
  for (std::uint64_t seed = 0; seed < 10; ++seed) {
    INFO("seed " << seed);
    double before = INFINITY;
    for (int iterations : {0, 1, 2, 20}) {
      const double inertia = cluster(iterations, z, seed).inertia(z);
      CHECK(inertia < (iterations == 1 ? 0.95 : 1 + 1e-6) * before);
      before = inertia;
    }
    const Clustered last = cluster(20, z, seed);
    Rows<codes> mean{};
    std::array<float, codes> count{};
    for (const Row &row : z) {
      ++count[last.nearest(row)];
      for (int d = 0; d < features; ++d)
        mean[last.nearest(row)][d] += row[d];
    }
    CHECK(last.count == count);
    for (int k = 0; k < codes; ++k)
      for (int d = 0; d < features; ++d)
        CHECK(last.centers[k][d] == Approx(mean[k][d] / count[k]).margin(1e-6));
  }
}

TEST_CASE("k-means finds clusters that are far apart", "[kmeans]") {
  Rows<points> z = rows_of<points>(10);
  std::array<float, codes> size{};
  for (int i = 0; i < points; ++i) {
    const int cluster = i * i % 41 % codes;
    ++size[cluster];
    for (float &x : z[i])
      x *= 0.01f;
    z[i][cluster % features] += cluster < features ? 10 : -10;
  }
  std::sort(size.begin(), size.end());
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    Clustered found = cluster(1, z, seed);
    CHECK(found.inertia(z) < 0.02);
    std::sort(found.count.begin(), found.count.end());
    CHECK(found.count == size);
  }
}

TEST_CASE("k-means++: rows, chosen as their squared distance is large", "[kmeans]") {
  Rows<points> z{};
  for (int i = 0; i < points; ++i)
    z[i][0] = i < 14 ? 0 : i < 27 ? 1 : 3;
  int from_0 = 0, then_1 = 0;
  for (std::uint64_t seed = 0; seed < 2000; ++seed) {
    const Clustered chosen = cluster(0, z, seed);
    for (const Row &center : chosen.centers)
      REQUIRE(place(z, center) >= 0); // no NaN, though four of seven have no row left to choose
    from_0 += chosen.centers[0][0] == 0;
    then_1 += chosen.centers[0][0] == 0 && chosen.centers[1][0] == 1;
    REQUIRE(chosen.centers[0] != chosen.centers[1]);
    REQUIRE(chosen.centers[0] != chosen.centers[2]);
    REQUIRE(chosen.centers[1] != chosen.centers[2]);
  }
  CHECK(std::abs(from_0 / 2000.0 - 14.0 / 41) < 0.043);          // 4 deviations
  CHECK(std::abs(then_1 / double(from_0) - 13.0 / 139) < 0.045); // 13 at 1, 14 at 9
}

TEST_CASE("k-means of directions: centers have length one", "[kmeans]") {
  kerf::Context context(codebooks::arena_bytes);
  const auto z = rows_of<8>(11);
  std::array<float, 6> centers;
  std::array<float, 3> count;
  codebooks::directions(context, flat(z), kerf::RandomKey(1), centers, count);
  for (int k = 0; k < 3; ++k)
    CHECK(std::hypot(centers[2 * k], centers[2 * k + 1]) == Approx(1));
  CHECK(count[0] + count[1] + count[2] == 20);
}
