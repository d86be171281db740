// argmin, top_k, gather and scatter_add of every element type against the obvious loops.
#include "codegen/kernels.h"

#include <catch2/catch.hpp>

#include <algorithm>
#include <numeric>

using namespace kerf::test;
using I = int64_t;

template <class T> static bool isNan(T x) { return x != x; }

/// The first NaN, or else the first of the smallest.
template <class T> static I argmin(const T *x, I n, I stride) {
  I best = 0;
  for (I i = 1; i < n; ++i) {
    const T a = x[i * stride], b = x[best * stride];
    if (!isNan(b) && (isNan(a) || a < b))
      best = i;
  }
  return best;
}

template <class T>
static void checkArgmin(const std::string &name, const std::vector<T> &x, I outer, I n, I inner) {
  CAPTURE(name, outer, n, inner);
  std::vector<I> got(outer * inner, -1), want;
  kernel<void(const T *, I *, I, I, I)>(name)(x.data(), got.data(), outer, n, inner);
  for (I o = 0; o < outer; ++o)
    for (I j = 0; j < inner; ++j)
      want.push_back(argmin(&x[o * n * inner + j], n, inner));
  CHECK(got == want);
}

/// Few different values, so that ties abound.
template <class T> static std::vector<T> coarse(size_t n, unsigned seed) {
  std::minstd_rand next(seed);
  std::vector<T> result(n);
  for (T &x : result)
    x = T(int(next() % 7) - 3);
  return result;
}

TEMPLATE_TEST_CASE("argmin: the lowest index wins a tie", "[rows]", float, double, int64_t,
                   int32_t) {
  const std::string name = std::is_same_v<TestType, float>     ? "argmin"
                           : std::is_same_v<TestType, double>  ? "argmin_f64"
                           : std::is_same_v<TestType, int64_t> ? "argmin_i64"
                                                               : "argmin_i32";
  unsigned seed = 0;
  for (I n : {1, 2, 7, 15, 16, 17, 31, 33, 512})
    for (I inner : {1, 2, 8, 9, 23})
      checkArgmin(name, coarse<TestType>(3 * n * inner, ++seed), 3, n, inner);
}

TEST_CASE("argmin: the first NaN wins, zeros of both signs tie, infinities are numbers", "[rows]") {
  const float special[] = {NAN, INFINITY, -INFINITY, 0.0f, -0.0f, 1.0f};
  std::minstd_rand next(5);
  for (I n : {1, 5, 16, 17, 40, 100})
    for (I inner : {1, 9}) {
      std::vector<float> x(64 * n * inner);
      for (I rare : {1, 60}) {
        for (float &v : x)
          v = next() % rare ? 1.0f : special[next() % 6];
        checkArgmin("argmin", x, 64, n, inner);
      }
      checkArgmin("argmin", std::vector<float>(n * inner, INFINITY), 1, n, inner);
      checkArgmin("argmin", std::vector<float>(n * inner, NAN), 1, n, inner);
    }
}

template <class T> static bool isLarger(T a, T b) { return a > b || (isNan(a) && !isNan(b)); }

/// Against a sort of all indices: the largest first, equal ones by index.
template <class T> static void checkTopK(const std::vector<T> &x, I rows, I n, I k) {
  CAPTURE(rows, n, k);
  const std::string name = std::is_same_v<T, float>     ? "top_k"
                           : std::is_same_v<T, double>  ? "top_k_f64"
                           : std::is_same_v<T, int64_t> ? "top_k_i64"
                                                        : "top_k_i32";
  std::vector<I> got(rows * k, -1), want;
  kernel<void(const T *, I *, I, I, I)>(name)(x.data(), got.data(), rows, n, k);
  for (I r = 0; r < rows; ++r) {
    std::vector<I> order(n);
    std::iota(order.begin(), order.end(), 0);
    std::sort(order.begin(), order.end(), [&](I a, I b) {
      const T u = x[r * n + a], v = x[r * n + b];
      return isLarger(u, v) || (!isLarger(v, u) && a < b);
    });
    want.insert(want.end(), order.begin(), order.begin() + k);
  }
  CHECK(got == want);
}

TEMPLATE_TEST_CASE("top_k: the largest first, equal ones by index", "[rows]", float, double,
                   int64_t, int32_t) {
  unsigned seed = 0;
  for (I n : {1, 2, 3, 7, 16, 17, 33, 200})
    for (I k : {1, 2, 3, 4, 5, 8, 15, 16, 17, 33, 199, 200})
      if (k <= n) {
        checkTopK(coarse<TestType>(3 * n, ++seed), 3, n, k);
        checkTopK(numbers<TestType>(3 * n, ++seed), 3, n, k);
      }
}

TEST_CASE("top_k: NaN before every number, zeros of both signs tie, sorted rows", "[rows]") {
  const float special[] = {NAN, INFINITY, -INFINITY, 0.0f, -0.0f, 1.0f};
  std::minstd_rand next(5);
  for (I k : {1, 3, 16, 40}) {
    std::vector<float> x(64 * 40), up(40), down(40);
    for (I rare : {1, 20}) {
      for (float &v : x)
        v = next() % rare ? 1.0f : special[next() % 6];
      checkTopK(x, 64, 40, k);
    }
    for (I i = 0; i < 40; ++i)
      up[i] = down[39 - i] = i;
    for (const std::vector<float> &row :
         {up, down, std::vector<float>(40, NAN), std::vector<float>(40, -INFINITY)})
      checkTopK(row, 1, 40, k);
  }
}

static const std::vector<I> indices = {3, 0, -1, 6, 3, 7, INT64_MAX, INT64_MIN, 2, 3};
static I clamp(I index, I rows) { return std::min(std::max<I>(index, 0), rows - 1); }

TEST_CASE("gather: rows by index, clamped, of any width", "[rows]") {
  constexpr I rows = 7;
  for (I width : {1, 3, 8, 65}) {
    auto table = numbers<float>(rows * width, 1);
    std::vector<float> got(indices.size() * width, NAN), want;
    kernel<void(const float *, const I *, float *, I, I, I)>("gather")(
        table.data(), indices.data(), got.data(), rows, width * I(sizeof(float)), indices.size());
    for (I index : indices)
      for (I j = 0; j < width; ++j)
        want.push_back(table[clamp(index, rows) * width + j]);
    CHECK(got == want);
  }
}

TEMPLATE_TEST_CASE("scatter_add: ascending, from zero", "[rows]", float, double, int64_t, int32_t) {
  const std::string name = std::is_same_v<TestType, float>     ? "scatter_add"
                           : std::is_same_v<TestType, double>  ? "scatter_add_f64"
                           : std::is_same_v<TestType, int64_t> ? "scatter_add_i64"
                                                               : "scatter_add_i32";
  constexpr I rows = 7;
  for (I width : {1, 3, 8, 65}) {
    std::vector<TestType> updates(indices.size() * width), got(rows * width, 99),
        want(rows * width);
    for (size_t i = 0; i < updates.size(); ++i)
      updates[i] = TestType(i * 0.37 + 1e7 * (i % 3));
    kernel<void(const TestType *, const I *, TestType *, I, I, I)>(name)(
        updates.data(), indices.data(), got.data(), rows, width, indices.size());
    for (size_t i = 0; i < indices.size(); ++i)
      for (I j = 0; j < width; ++j)
        want[clamp(indices[i], rows) * width + j] += updates[i * width + j];
    CHECK(got == want);
  }
}

TEMPLATE_TEST_CASE("scatter_add_pairwise: a row's terms in blocks of 32, pairwise", "[rows]", float,
                   double) {
  const std::string name =
      std::is_same_v<TestType, float> ? "scatter_add_pairwise" : "scatter_add_pairwise_f64";
  // How many terms the rows have.
  const std::vector<I> sizes = {0, 1, 31, 32, 33, 64, 65, 96, 225, 1025};
  const I rows = sizes.size();
  std::vector<I> rowOf, left = sizes;
  for (bool more = true; more;) { // turn by turn
    more = false;
    for (I row = 0; row < rows; ++row)
      if (left[row] > 0) {
        rowOf.push_back(row == 0 ? -3 : row + 1 == rows ? rows + 5 : row);
        more = --left[row] > 0 || more;
      }
  }
  const I count = rowOf.size();
  for (I width : {1, 3, 8, 65}) {
    std::vector<TestType> updates(count * width), got(rows * width, 99), want(rows * width);
    for (size_t i = 0; i < updates.size(); ++i)
      updates[i] = TestType(i % 1000 * 0.37 + 1e4 * (i % 3));
    std::vector<char> scratch(1 << 22, char(0xff));
    kernel<void(const TestType *, const I *, TestType *, char *, I, I, I)>(name)(
        updates.data(), rowOf.data(), got.data(), scratch.data(), rows, width, count);
    for (I row = 0; row < rows; ++row)
      for (I j = 0; j < width; ++j) {
        std::vector<TestType> sums; // of blocks
        I terms = 0;
        for (I i = 0; i < count; ++i)
          if (clamp(rowOf[i], rows) == row) {
            if (terms++ % 32 == 0)
              sums.push_back(0);
            sums.back() += updates[i * width + j];
          }
        // Neighbours meet, an odd last one goes up alone.
        while (sums.size() > 1) {
          std::vector<TestType> next;
          for (size_t b = 0; b < sums.size(); b += 2)
            next.push_back(b + 1 < sums.size() ? sums[b] + sums[b + 1] : sums[b]);
          sums = next;
        }
        want[row * width + j] = sums.empty() ? 0 : sums[0];
      }
    CHECK(got == want);
  }
}
