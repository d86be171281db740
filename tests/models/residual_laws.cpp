// Laws of quantization in levels and in groups, on the compiled code of tests/models/residuals.cpp.
#define CATCH_CONFIG_MAIN
#include <catch2/catch.hpp>

#include <residuals.h>

#include <cmath>
#include <limits>
#include <random>
#include <vector>

namespace {

namespace model = residuals;
constexpr int rows = 13, features = 6, codes = 7, levels = 3;

template <class T = float> std::vector<T> numbers(std::size_t count, unsigned seed, double size) {
  std::minstd_rand random(seed);
  std::vector<T> result(count);
  for (T &x : result)
    x = T(size * (double(random() % 200001) / 100000 - 1));
  return result;
}
void fill(auto &tensor, unsigned seed, double size) {
  using T = std::remove_cvref_t<decltype(*tensor.begin())>;
  const auto values = numbers<T>(std::size_t(tensor.end() - tensor.begin()), seed, size);
  std::copy(values.begin(), values.end(), tensor.begin());
}

/// Codebooks that get finer by level.
struct Levels {
  kerf::Context context{model::arena_bytes};
  kerf::Block<model::Books> books;

  Levels() {
    for (int level = 0; level < levels; ++level)
      fill(books->level[level], 10 + level, std::pow(0.5, level));
  }
  const float *code(int level, int64_t k) const {
    return books->level[level].begin() + k * features;
  }
};

/// The code of `table` nearest to a row, in f64.
int nearest(const std::vector<double> &row, const float *table, int count) {
  int best = 0;
  double least = INFINITY;
  for (int k = 0; k < count; ++k) {
    double distance = 0;
    for (std::size_t d = 0; d < row.size(); ++d)
      distance += std::pow(row[d] - table[k * row.size() + d], 2);
    if (distance < least) {
      least = distance;
      best = k;
    }
  }
  return best;
}

struct Point {
  kerf::Context context{model::arena_bytes};
  kerf::Block<model::Point> point;
  kerf::Block<model::Direction> direction;
  std::vector<double> weight = numbers<double>(rows * features, 30, 1);

  Point() {
    fill(point->z, 31, 1);
    fill(direction->z, 32, 1);
    for (int level = 0; level < levels; ++level) {
      fill(point->books[level], 33 + level, std::pow(0.5, level));
      fill(direction->books[level], 43 + level, 1);
    }
  }
};

void check_close(const auto &got, const auto &want) {
  double size = 0;
  for (double x : want)
    size = std::max(size, std::abs(x));
  CHECK(size > 1e-3); // not equal for being 0
  for (auto g = got.begin(), w = want.begin(); w != want.end(); ++g, ++w)
    CHECK(std::abs(*g - *w) <= 1e-12 * size);
}

void check_derivatives(auto entry, auto formula) {
  Point at;
  kerf::Block<model::First> first, want_first;
  kerf::Block<model::Second> second, want_second;
  const double value = entry(at.context, at.point, at.direction, first, second, at.weight).value;
  CHECK(
      value ==
      Approx(formula(at.context, at.point, at.direction, want_first, want_second, at.weight).value)
          .epsilon(1e-13));
  check_close(first->z, want_first->z);
  check_close(second->z, want_second->z);
  for (int level = 0; level < levels; ++level) {
    check_close(first->books[level], want_first->books[level]);
    check_close(second->books[level], want_second->books[level]);
  }
}

} // namespace

TEST_CASE("levels: each takes the code nearest to what is left, and the sum decodes",
          "[residual]") {
  Levels it;
  const auto z = numbers(rows * features, 1, 1);
  std::array<int64_t, rows * levels> chosen;
  std::array<float, rows * features> quantized, output, decoded, coarse, last_rest;
  const auto losses = model::residual(it.context, it.books, z, chosen, quantized, output, decoded,
                                      coarse, last_rest);
  CHECK(output == quantized);
  CHECK(decoded == quantized);
  double loss = 0;
  for (int row = 0; row < rows; ++row) {
    std::vector<double> rest(z.begin() + row * features, z.begin() + (row + 1) * features);
    for (int level = 0; level < levels; ++level) {
      INFO("row " << row << " level " << level);
      const int64_t code = chosen[row * levels + level];
      CHECK(code == nearest(rest, it.code(level, 0), codes));
      for (int d = 0; d < features; ++d) {
        if (level == levels - 1)
          CHECK(last_rest[row * features + d] == Approx(rest[d]).margin(1e-6));
        rest[d] -= it.code(level, code)[d];
        loss += rest[d] * rest[d] / (rows * features);
      }
      if (level == levels - 2)
        for (int d = 0; d < features; ++d)
          CHECK(coarse[row * features + d] == Approx(z[row * features + d] - rest[d]).margin(1e-6));
    }
    for (int d = 0; d < features; ++d)
      CHECK(quantized[row * features + d] == Approx(z[row * features + d] - rest[d]).margin(1e-6));
  }
  CHECK(losses.codebook == Approx(loss).epsilon(1e-5));
  CHECK(losses.commitment == Approx(loss).epsilon(1e-5));
}

TEST_CASE("one level is vq", "[residual]") {
  Levels it;
  const auto z = numbers(2 * features * 15, 2, 1);
  std::array<int64_t, 30> one_codes, vq_codes;
  std::array<float, 30 * features> one_output, vq_output;
  const auto losses =
      model::one_level(it.context, it.books, z, one_codes, vq_codes, one_output, vq_output);
  CHECK(one_codes == vq_codes);
  CHECK(one_output == vq_output);
  CHECK(losses.one_codebook ==
        Approx(losses.vq_codebook).epsilon(1e-6)); // z is of length one twice
  CHECK(losses.one_commitment == Approx(losses.vq_commitment).epsilon(1e-6));
  CHECK(losses.one_entropy == Approx(losses.vq_entropy).epsilon(1e-6));
}

TEST_CASE("dropout keeps the first levels, 1 to all equally often; the mask none", "[residual]") {
  Levels it;
  auto z = numbers(rows * features, 3, 1);
  std::array<bool, rows> real;
  for (int row = 0; row < rows; ++row)
    real[row] = row % 4 != 1;
  z[features + 2] = std::numeric_limits<float>::quiet_NaN(); // in row 1
  std::array<int64_t, rows * levels> chosen;
  std::array<float, rows * features> quantized, output, decoded;
  std::array<int, levels + 1> times{};
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    const float loss = model::dropped(it.context, it.books, z, real, kerf::RandomKey(seed), chosen,
                                      quantized, output, decoded)
                           .codebook;
    const auto kept = std::ranges::count_if(std::span(chosen).first(levels),
                                            [](int64_t code) { return code >= 0; });
    ++times[kept];
    bool fits = output == quantized && decoded == quantized && std::isfinite(loss) && loss > 0;
    for (int row = 0; row < rows; ++row) {
      std::vector<double> rest(z.begin() + row * features, z.begin() + (row + 1) * features);
      for (int level = 0; level < levels; ++level) {
        const int64_t code = chosen[row * levels + level];
        const bool is_kept = real[row] && level < kept;
        fits = fits && code == (is_kept ? nearest(rest, it.code(0, 0), codes) : -1);
        for (int d = 0; is_kept && d < features; ++d)
          rest[d] -= it.code(0, code)[d];
      }
      for (int d = 0; !real[row] && d < features; ++d)
        fits = fits && quantized[row * features + d] == 0;
    }
    INFO("seed " << seed);
    REQUIRE(fits);
  }
  CHECK(times[0] == 0);
  for (int kept = 1; kept <= levels; ++kept) // 100 each on average, deviation 8
    CHECK(std::abs(times[kept] - 100) < 33);
}

TEST_CASE("levels draw from keys of their own", "[residual]") {
  Levels it;
  std::ranges::fill(it.books->level[0], 0.0f); // so that noise alone decides, and levels leave all
  std::vector<float> z(rows * features);
  std::array<int64_t, rows * levels> chosen, again;
  std::array<float, rows * features> output, sum;
  model::drawn(it.context, it.books, z, kerf::RandomKey(1), chosen, output, sum);
  model::drawn(it.context, it.books, z, kerf::RandomKey(1), again, output, sum);
  CHECK(chosen == again);
  int equal[levels] = {};
  for (int row = 0; row < rows; ++row)
    for (int level = 1; level < levels; ++level)
      equal[level] += chosen[row * levels + level] == chosen[row * levels];
  CHECK(equal[1] < rows);
  CHECK(equal[2] < rows);
}

TEST_CASE("every level's codebook follows its own rests", "[residual]") {
  Levels it;
  const auto z = numbers(rows * features, 5, 1);
  const Levels before;
  kerf::Block<model::States> states;
  model::follow(it.context, it.books, states, z);
  std::vector<std::vector<double>> rest;
  for (int row = 0; row < rows; ++row)
    rest.emplace_back(z.begin() + row * features, z.begin() + (row + 1) * features);
  for (int level = 0; level < levels; ++level) {
    std::vector<double> total(codes * features), count(codes, 0.99);
    for (int i = 0; i < codes * features; ++i)
      total[i] = 0.99 * before.code(level, 0)[i];
    for (auto &row : rest) {
      const int code = nearest(row, before.code(level, 0), codes);
      count[code] += 0.01;
      for (int d = 0; d < features; ++d) {
        total[code * features + d] += 0.01 * row[d];
        row[d] -= before.code(level, code)[d];
      }
    }
    for (int k = 0; k < codes; ++k) {
      CHECK(states->level[level].count[k] == Approx(count[k]).epsilon(1e-6));
      for (int d = 0; d < features; ++d)
        CHECK(states->level[level].total(k, d) ==
              Approx(total[k * features + d]).epsilon(1e-6).margin(1e-7));
    }
  }
}

TEST_CASE("groups are vq of slices; heads are groups that share a codebook", "[residual]") {
  kerf::Context context(model::arena_bytes);
  kerf::Block<model::Groups> groups;
  const auto z = numbers(120, 6, 1);
  std::array<int64_t, 60> chosen, of_heads;
  std::array<float, 120> output, output_of_heads;
  std::array<std::array<int64_t, 20>, 3> each;
  std::array<std::array<float, 40>, 3> each_output;
  const auto run = [&] {
    return model::grouped(context, groups, z, chosen, of_heads, output, output_of_heads, each[0],
                          each[1], each[2], each_output[0], each_output[1], each_output[2]);
  };
  for (int group = 0; group < 3; ++group)
    fill(groups->group[group], 20 + group, 1);
  const auto losses = run();
  for (int group = 0; group < 3; ++group)
    for (int i = 0; i < 20; ++i) {
      CHECK(chosen[i * 3 + group] == each[group][i]);
      for (int d = 0; d < 2; ++d) // (4, 6, 5) and (4, 2, 5)
        CHECK(output[(i / 5 * 6 + group * 2 + d) * 5 + i % 5] ==
              each_output[group][(i / 5 * 2 + d) * 5 + i % 5]);
    }
  CHECK(losses.commitment ==
        Approx((losses.each_commitment_0 + losses.each_commitment_1 + losses.each_commitment_2) / 3)
            .epsilon(1e-6));
  CHECK(chosen != of_heads);

  for (int group = 1; group < 3; ++group)
    groups->group[group] = groups->group[0];
  const auto same = run();
  CHECK(chosen == of_heads);
  CHECK(output == output_of_heads);
  CHECK(same.commitment == Approx(same.head_commitment).epsilon(1e-6));
}

TEST_CASE("levels within groups decode group by group; masks reach all", "[residual]") {
  kerf::Context context(model::arena_bytes);
  kerf::Block<model::Groups> groups;
  for (int group = 0; group < 3; ++group)
    fill(groups->group[group], 20 + group, 1);
  const auto z = numbers(120, 7, 1);
  std::array<bool, 20> real;
  for (int i = 0; i < 20; ++i)
    real[i] = i % 3 != 0;
  std::array<int64_t, 120> chosen;
  std::array<float, 120> output, decoded;
  model::grouped_residual(context, groups, z, real, chosen, output, decoded);
  CHECK(output == decoded);
  std::array<int64_t, 60> of_heads;
  model::masked_heads(context, groups, z, real, of_heads);
  for (int i = 0; i < 20; ++i)
    for (int group = 0; group < 3; ++group) {
      INFO("row " << i << " group " << group);
      std::vector<double> rest{z[i * 6 + group * 2], z[i * 6 + group * 2 + 1]};
      CHECK(of_heads[i * 3 + group] ==
            (real[i] ? nearest(rest, groups->group[1].begin(), codes) : -1));
      for (int level = 0; level < 2; ++level) {
        const float *table = groups->group[group].begin();
        const int64_t code = chosen[(i * 3 + group) * 2 + level];
        CHECK(code == (real[i] ? nearest(rest, table, codes) : -1));
        for (int d = 0; real[i] && d < 2; ++d)
          rest[d] -= table[code * 2 + d];
      }
    }
}

TEST_CASE("levels: first and second derivatives are those of the formulas", "[residual]") {
  check_derivatives(model::straight, model::straight_formula);
  check_derivatives(model::turned, model::turned_formula);
}
