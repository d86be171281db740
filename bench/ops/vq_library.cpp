// What vq_worker.py calls beside library.cpp: the f64 oracle; OpenBLAS's sgemm with an argmin
// behind it.
#include "library.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <immintrin.h>
#include <limits>
#include <vector>

using kerf::bench::RelativeL2;

namespace {

/// Scores |e|^2 - 2 z.e of four rows in f64: panels of eight codes, each panel features x 8.
using Lanes = double __attribute__((vector_size(64)));
__attribute__((target("avx2,fma"))) void scores(const double *z, const Lanes *panels,
                                                const Lanes *norms, std::int64_t count,
                                                std::int64_t d, Lanes *out[4]) {
  for (std::int64_t p = 0; p < count; ++p) {
    Lanes sum[4] = {};
    for (std::int64_t i = 0; i < d; ++i)
      for (int row = 0; row < 4; ++row)
        sum[row] += z[row * d + i] * panels[p * d + i];
    for (int row = 0; row < 4; ++row)
      out[row][p] = norms[p] - 2 * sum[row];
  }
}

/// The lowest index of the least of `norms[k] - 2 dots[k]`.
__attribute__((target("avx2,fma"))) std::int64_t least(const float *dots, const float *norms,
                                                       std::int64_t k) {
  const __m256 minus_two = _mm256_set1_ps(-2);
  const __m256i eight = _mm256_set1_epi32(8);
  __m256 best = _mm256_set1_ps(std::numeric_limits<float>::infinity());
  __m256i where = _mm256_setzero_si256(), code = _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7);
  std::int64_t i = 0;
  for (; i + 8 <= k; i += 8, code = _mm256_add_epi32(code, eight)) {
    const __m256 score =
        _mm256_fmadd_ps(minus_two, _mm256_loadu_ps(dots + i), _mm256_loadu_ps(norms + i));
    const __m256 less = _mm256_cmp_ps(score, best, _CMP_LT_OQ);
    best = _mm256_blendv_ps(best, score, less);
    where = _mm256_blendv_epi8(where, code, _mm256_castps_si256(less));
  }
  alignas(32) float values[8];
  alignas(32) std::int32_t codes[8];
  _mm256_store_ps(values, best);
  _mm256_store_si256(reinterpret_cast<__m256i *>(codes), where);
  float value = values[0];
  std::int64_t result = codes[0];
  for (int lane = 1; lane < 8; ++lane)
    if (values[lane] < value || (values[lane] == value && codes[lane] < result))
      value = values[lane], result = codes[lane];
  for (; i < k; ++i)
    if (const float score = std::fma(-2.0f, dots[i], norms[i]); score < value)
      value = score, result = i;
  return result;
}

/// |x|^2, in whatever order is fast.
__attribute__((target("avx2,fma"))) float square(const float *x, int size) {
#pragma clang fp reassociate(on) contract(fast)
  float sum = 0;
  for (int i = 0; i < size; ++i)
    sum += x[i] * x[i];
  return sum;
}

} // namespace

extern "C" {

/// Compares codes with the f64 oracle's. `wrong`: rows whose code is farther than rounding in f32
/// explains, or no code; `ties`: rows whose code is another one and within rounding.
void bench_check_codes(const float *z, const float *e, std::int64_t n, std::int64_t k,
                       std::int64_t d, const std::int64_t *codes, std::int64_t *wrong,
                       std::int64_t *ties) {
  const std::int64_t count = (k + 7) / 8;
  std::vector<Lanes> panels(count * d), norms(count), rows[4];
  std::vector<double> z_norms(n), e_norms(k), block(4 * d);
  for (std::int64_t c = 0; c < count * 8; ++c) {
    double norm = c < k ? 0 : std::numeric_limits<double>::infinity();
    for (std::int64_t i = 0; i < d; ++i) {
      const double value = c < k ? e[c * d + i] : 0;
      panels[c / 8 * d + i][c % 8] = value;
      norm += value * value;
    }
    norms[c / 8][c % 8] = norm;
    if (c < k)
      e_norms[c] = std::sqrt(norm);
  }
  *wrong = *ties = 0;
  Lanes *out[4];
  for (int row = 0; row < 4; ++row) {
    rows[row].resize(count);
    out[row] = rows[row].data();
  }
  for (std::int64_t first = 0; first < n; first += 4) {
    for (std::int64_t i = 0; i < 4 * d; ++i)
      block[i] = first * d + i < n * d ? z[first * d + i] : 0;
    scores(block.data(), panels.data(), norms.data(), count, d, out);
    for (std::int64_t row = 0; row < std::min<std::int64_t>(4, n - first); ++row) {
      const auto score = [&](std::int64_t c) { return out[row][c / 8][c % 8]; };
      std::int64_t best = 0;
      for (std::int64_t c = 1; c < k; ++c)
        if (score(c) < score(best))
          best = c;
      const std::int64_t code = codes[first + row];
      if (code == best)
        continue;
      double norm = 0;
      for (std::int64_t i = 0; i < d; ++i)
        norm += block[row * d + i] * block[row * d + i];
      if (code < 0 || code >= k) {
        ++*wrong;
        continue;
      }
      const double reach = std::sqrt(norm) + std::max(e_norms[best], e_norms[code]);
      const double rounding = double(d + 4) * 0x1p-23 * reach * reach;
      ++*(score(code) - score(best) <= rounding ? ties : wrong);
    }
  }
}

/// The largest relative L2 error of what a training step gave for its own codes: loss, gradient,
/// and the state after it. `_before`: the state that it began with.
double bench_check_step(const float *z, const float *cotangent, const std::int64_t *codes,
                        std::int64_t n, std::int64_t k, std::int64_t d, const float *embed_before,
                        const float *total_before, const float *count_before, float loss,
                        const float *gradient, const float *embed, const float *total,
                        const float *count) {
  std::vector<double> sums(k * d), counts(k);
  RelativeL2 of_gradient, of_embed, of_total, of_count;
  double output = 0, commitment = 0, scale = 0;
  for (std::int64_t row = 0; row < n; ++row) {
    const std::int64_t code = codes[row];
    if (code < 0 || code >= k)
      return std::numeric_limits<double>::infinity();
    counts[code] += 1;
    for (std::int64_t i = 0; i < d; ++i) {
      const double value = z[row * d + i], chosen = embed_before[code * d + i];
      const double g = cotangent[row * d + i];
      sums[code * d + i] += value;
      output += chosen * g;
      scale += std::fabs(chosen * g);
      commitment += (value - chosen) * (value - chosen);
      of_gradient.add(gradient[row * d + i], g + 0.5 / double(n * d) * (value - chosen));
    }
  }
  double rows = 0;
  for (std::int64_t c = 0; c < k; ++c)
    rows += counts[c] = 0.99 * count_before[c] + 0.01 * counts[c];
  for (std::int64_t c = 0; c < k; ++c) {
    of_count.add(count[c], counts[c]);
    const double smoothed = (counts[c] + 1e-5) / (rows + 1e-5 * double(k)) * rows;
    for (std::int64_t i = 0; i < d; ++i) {
      const double sum = 0.99 * total_before[c * d + i] + 0.01 * sums[c * d + i];
      of_total.add(total[c * d + i], sum);
      of_embed.add(embed[c * d + i], sum / smoothed);
    }
  }
  commitment *= 0.25 / double(n * d);
  // The output's terms cancel, so its error is measured against their magnitude.
  const double of_loss = std::fabs(loss - (output + commitment)) / (scale + commitment);
  double largest = of_loss;
  for (double error : {of_gradient.value(), of_embed.value(), of_total.value(), of_count.value()})
    largest = error <= largest ? largest : error; // a NaN stays
  return largest;
}

/// cblas_sgemm of blocks of `block` rows into `dots` (block x k), then the argmin of each row.
using Sgemm = void (*)(int, int, int, int, int, int, float, const float *, int, const float *, int,
                       float, float *, int);
__attribute__((target("avx2,fma"))) void bench_sgemm_argmin(Sgemm sgemm, const float *z,
                                                            const float *e, int n, int k, int d,
                                                            int block, float *norms, float *dots,
                                                            std::int64_t *codes) {
  for (int c = 0; c < k; ++c)
    norms[c] = square(e + std::int64_t(c) * d, d);
  for (int first = 0; first < n; first += block) {
    const int rows = std::min(block, n - first);
    constexpr int row_major = 101, as_is = 111, transposed = 112;
    sgemm(row_major, as_is, transposed, rows, k, d, 1, z + std::int64_t(first) * d, d, e, d, 0,
          dots, k);
    for (int row = 0; row < rows; ++row)
      codes[first + row] = least(dots + std::int64_t(row) * k, norms, k);
  }
}

} // extern "C"
