// What attention_worker.py calls beside library.cpp: attention and its derivative in f64; a plain
// sum, which reads as fast as anything can.
#include "abi.h"
#include "library.h"

#include <atomic>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <immintrin.h>
#include <limits>
#include <thread>
#include <vector>

namespace {

/// Eight columns of a matrix.
using Lanes = double __attribute__((vector_size(64)));
constexpr std::int64_t lanes = 8, rows = 4;

/// A matrix as panels of eight columns, whose last is filled up with zeros.
class Panels {
public:
  Panels(std::int64_t height, std::int64_t width)
      : height(height), panels((width + lanes - 1) / lanes), data(height * panels) {}

  double &at(std::int64_t row, std::int64_t column) {
    return reinterpret_cast<double *>(&data[column / lanes * height + row])[column % lanes];
  }
  /// out = a times this matrix, of whose rows those in [first, last) are read, and as many columns
  /// of `a`. Of both `a` and `out` there are four rows.
  __attribute__((target("avx2,fma"))) void multiply(const double *a, std::int64_t a_width,
                                                    std::int64_t first, std::int64_t last,
                                                    double *out, std::int64_t out_width) const {
    for (std::int64_t p = 0; p < panels; ++p) {
      Lanes sum[rows] = {};
      for (std::int64_t k = first; k < last; ++k)
        for (std::int64_t row = 0; row < rows; ++row)
          sum[row] += a[row * a_width + k] * data[p * height + k];
      for (std::int64_t row = 0; row < rows; ++row)
        std::memcpy(out + row * out_width + p * lanes, &sum[row], sizeof(Lanes));
    }
  }

private:
  std::int64_t height, panels;
  std::vector<Lanes> data;
};

std::int64_t padded(std::int64_t size) { return (size + lanes - 1) / lanes * lanes; }

enum class Form { none, causal, window, alibi, table, documents };

struct Problem {
  std::int64_t b, h, n, m, d;
  Form form;
  const float *q, *k, *v, *cotangent; // no derivative where there is no cotangent
  const void *capture;
  double *o, *dq, *dk, *dv, *dcapture;

  bool sees(std::int64_t batch, std::int64_t i, std::int64_t j) const {
    switch (form) {
    case Form::causal:
      return j <= i;
    case Form::window:
      return j <= i && j > i - 256;
    case Form::documents: {
      const auto *document = static_cast<const std::int32_t *>(capture) + batch * n;
      return document[i] == document[j];
    }
    default:
      return true;
    }
  }
  std::int64_t place(std::int64_t head, std::int64_t i, std::int64_t j) const {
    return head * (n + m - 1) + i - j + m - 1;
  }
  double score(double product, std::int64_t head, std::int64_t i, std::int64_t j) const {
    const auto *numbers = static_cast<const float *>(capture);
    const double s = product / std::sqrt(double(d));
    return form == Form::alibi   ? s - numbers[head] * double(std::abs(i - j))
           : form == Form::table ? s + numbers[place(head, i, j)]
                                 : s;
  }
};

/// One head of one element of the batch.
class Head {
public:
  Head(const Problem &p, std::int64_t batch, std::int64_t head)
      : p(p), batch(batch), head(head), padded_features(padded(p.d)), padded_keys(padded(p.m)),
        keys(p.m, p.d), values(p.m, p.d), keys_across(p.d, p.m), values_across(p.d, p.m) {
    for (std::int64_t j = 0; j < p.m; ++j)
      for (std::int64_t f = 0; f < p.d; ++f) {
        keys_across.at(f, j) = keys.at(j, f) = p.k[key(j) + f];
        values_across.at(f, j) = values.at(j, f) = p.v[key(j) + f];
      }
  }
  std::int64_t run() {
    std::int64_t seen = 0;
    for (std::int64_t i = 0; i < p.n; i += rows)
      seen += forward(i);
    return seen;
  }

private:
  std::int64_t query(std::int64_t i) const { return ((batch * p.h + head) * p.n + i) * p.d; }
  std::int64_t key(std::int64_t j) const { return ((batch * p.h + head) * p.m + j) * p.d; }
  std::int64_t rows_at(std::int64_t i) const { return std::min(rows, p.n - i); }

  /// Rows of queries, or of what is like them, with zeros behind the last.
  std::vector<double> block(const float *from, std::int64_t i) const {
    std::vector<double> rows_of(rows * p.d);
    for (std::int64_t x = 0; x < rows_at(i) * p.d; ++x)
      rows_of[x] = from[query(i) + x];
    return rows_of;
  }

  /// Four queries; how many pairs of a query and a key they have.
  std::int64_t forward(std::int64_t i) {
    const std::vector<double> q = block(p.q, i);
    std::vector<double> s(rows * padded_keys), out(rows * padded_features);
    keys_across.multiply(q.data(), p.d, 0, p.d, s.data(), padded_keys);
    std::int64_t seen = 0, first = p.m, last = 0;
    for (std::int64_t row = 0; row < rows_at(i); ++row)
      for (std::int64_t j = 0; j < p.m; ++j)
        if (p.sees(batch, i + row, j)) {
          ++seen;
          first = std::min(first, j);
          last = std::max(last, j + 1);
        }
    for (std::int64_t row = 0; row < rows; ++row)
      softmax(s.data() + row * padded_keys, i + row, first, last);
    values.multiply(s.data(), padded_keys, first, last, out.data(), padded_features);
    for (std::int64_t row = 0; row < rows_at(i); ++row)
      std::copy_n(out.data() + row * padded_features, p.d, p.o + query(i + row));
    if (p.cotangent)
      backward(i, q, s, first, last);
    return seen;
  }
  void softmax(double *s, std::int64_t i, std::int64_t first, std::int64_t last) const {
    double most = -std::numeric_limits<double>::infinity(), sum = 0;
    for (std::int64_t j = first; j < last; ++j) {
      s[j] = i < p.n && p.sees(batch, i, j) ? p.score(s[j], head, i, j)
                                            : -std::numeric_limits<double>::infinity();
      most = std::max(most, s[j]);
    }
    for (std::int64_t j = first; j < last; ++j)
      sum += s[j] = i < p.n ? std::exp(s[j] - most) : 0;
    for (std::int64_t j = first; j < last; ++j)
      s[j] /= i < p.n ? sum : 1;
  }
  __attribute__((target("avx2,fma"))) void backward(std::int64_t i, const std::vector<double> &q,
                                                    const std::vector<double> &weights,
                                                    std::int64_t first, std::int64_t last) {
    const std::vector<double> g = block(p.cotangent, i);
    std::vector<double> s(rows * padded_keys), out(rows * padded_features);
    values_across.multiply(g.data(), p.d, 0, p.d, s.data(), padded_keys);
    const double scale = 1 / std::sqrt(double(p.d));
    for (std::int64_t row = 0; row < rows_at(i); ++row) {
      const double *w = weights.data() + row * padded_keys;
      double *ds = s.data() + row * padded_keys, delta = 0;
      for (std::int64_t j = first; j < last; ++j)
        delta += w[j] * ds[j];
      for (std::int64_t j = first; j < last; ++j) {
        ds[j] = w[j] * (ds[j] - delta);
        if (p.form == Form::table)
          p.dcapture[p.place(head, i + row, j)] += ds[j];
      }
    }
    keys.multiply(s.data(), padded_keys, first, last, out.data(), padded_features);
    for (std::int64_t row = 0; row < rows_at(i); ++row)
      for (std::int64_t f = 0; f < p.d; ++f)
        p.dq[query(i + row) + f] = scale * out[row * padded_features + f];
    for (std::int64_t j = first; j < last; ++j)
      for (std::int64_t row = 0; row < rows_at(i); ++row) {
        const double ds = scale * s[row * padded_keys + j], w = weights[row * padded_keys + j];
        for (std::int64_t f = 0; f < p.d; ++f) {
          p.dk[key(j) + f] += ds * q[row * p.d + f];
          p.dv[key(j) + f] += w * g[row * p.d + f];
        }
      }
  }

  const Problem &p;
  const std::int64_t batch, head, padded_features, padded_keys;
  Panels keys, values, keys_across, values_across;
};

/// Sums of chains, which only have to be fast.
__attribute__((target("avx2"))) float sum_256(const float *x, std::int64_t count) {
  __m256 sums[8] = {};
  for (std::int64_t i = 0; i + 64 <= count; i += 64)
    for (int chain = 0; chain < 8; ++chain)
      sums[chain] = _mm256_add_ps(sums[chain], _mm256_loadu_ps(x + i + 8 * chain));
  float total = 0;
  for (const __m256 &sum : sums)
    for (int lane = 0; lane < 8; ++lane)
      total += sum[lane];
  return total;
}
__attribute__((target("avx512f"))) float sum_512(const float *x, std::int64_t count) {
  __m512 sums[8] = {};
  for (std::int64_t i = 0; i + 128 <= count; i += 128)
    for (int chain = 0; chain < 8; ++chain)
      sums[chain] = _mm512_add_ps(sums[chain], _mm512_loadu_ps(x + i + 16 * chain));
  float total = 0;
  for (const __m512 &sum : sums)
    for (int lane = 0; lane < 16; ++lane)
      total += sum[lane];
  return total;
}

struct Sum {
  const float *x;
  std::int64_t count; // of a task
  bool wide;
  std::vector<float> totals;
};

} // namespace

extern "C" {

/// Fills o, and where there is a cotangent the gradients, of zeros, with what f64 gives; returns
/// how many pairs of a query and a key that it sees there are in all heads.
std::int64_t bench_attention(const std::int64_t *sizes, int form, const float *q, const float *k,
                             const float *v, const void *capture, const float *cotangent, double *o,
                             double *dq, double *dk, double *dv, double *dcapture) {
  const Problem problem{sizes[0], sizes[1], sizes[2], sizes[3],  sizes[4], Form(form),
                        q,        k,        v,        cotangent, capture,  o,
                        dq,       dk,       dv,       dcapture};
  std::atomic<std::int64_t> next = 0, seen = 0;
  std::vector<std::thread> threads(std::max(1u, std::thread::hardware_concurrency()));
  for (std::thread &thread : threads) // a table is its head's
    thread = std::thread([&] {
      for (std::int64_t head; (head = next++) < problem.h;)
        for (std::int64_t batch = 0; batch < problem.b; ++batch)
          seen += Head(problem, batch, head).run();
    });
  for (std::thread &thread : threads)
    thread.join();
  return seen;
}

double bench_relative_l2(const float *got, const double *want, std::int64_t count) {
  kerf::bench::RelativeL2 error;
  for (std::int64_t i = 0; i < count; ++i)
    error.add(got[i], want[i]);
  return error.value();
}

/// The sum of k's and v's elements but for a few, each half by as many workers as a call has.
double bench_sum(kerf_pool *pool, std::uint64_t workers, const float *k, const float *v,
                 std::int64_t count, bool wide) {
  double total = 0;
  for (const float *x : {k, v}) {
    Sum sum{x, count / std::int64_t(workers), wide, std::vector<float>(workers)};
    const auto task = [](void *closure, std::uint64_t number, std::uint64_t) {
      Sum &sum = *static_cast<Sum *>(closure);
      const float *x = sum.x + std::int64_t(number) * sum.count;
      sum.totals[number] = sum.wide ? sum_512(x, sum.count) : sum_256(x, sum.count);
    };
    if (workers == 1)
      task(&sum, 0, 0);
    else
      pool->run(pool, workers, workers, task, &sum);
    for (float part : sum.totals)
      total += part;
  }
  return total;
}

} // extern "C"
