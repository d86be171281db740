// The roof that fractions refer to: the machine's f32 FMA rate, measured in the same run.
#pragma once

#include <chrono>
#include <immintrin.h>

namespace kerf::bench {

inline double seconds() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

/// FLOP/s with AVX2 of twelve independent chains of 8-lane FMAs: latency 4, two ports, and room to
/// spare.
__attribute__((target("avx2,fma"), noinline)) inline double fmaPeak(double budget = 0.05) {
  constexpr int chains = 12, inner = 20000;
  __m256 a = _mm256_set1_ps(0.999f), b = _mm256_set1_ps(0.001f), sum[chains];
  for (int i = 0; i < chains; ++i)
    sum[i] = _mm256_set1_ps(float(i));
  double best = 0;
  for (double start = seconds(); seconds() - start < budget;) {
    const double t0 = seconds();
    for (int n = 0; n < inner; ++n)
#pragma clang loop unroll(full)
      for (int i = 0; i < chains; ++i)
        asm("vfmadd213ps %2, %1, %0" : "+x"(sum[i]) : "x"(a), "x"(b)); // as written, in registers
    const double rate = 2.0 * 8 * chains * inner / (seconds() - t0);
    best = rate > best ? rate : best;
  }
  volatile float sink = 0;
  for (int i = 0; i < chains; ++i)
    sink = sink + _mm256_cvtss_f32(sum[i]);
  return best;
}

/// The same with AVX-512: sixteen chains of 16 lanes.
__attribute__((target("avx512f"), noinline)) inline double fmaPeak512(double budget = 0.05) {
  constexpr int chains = 16, inner = 20000;
  __m512 a = _mm512_set1_ps(0.999f), b = _mm512_set1_ps(0.001f), sum[chains];
  for (int i = 0; i < chains; ++i)
    sum[i] = _mm512_set1_ps(float(i));
  double best = 0;
  for (double start = seconds(); seconds() - start < budget;) {
    const double t0 = seconds();
    for (int n = 0; n < inner; ++n)
#pragma clang loop unroll(full)
      for (int i = 0; i < chains; ++i)
        asm("vfmadd213ps %2, %1, %0" : "+v"(sum[i]) : "v"(a), "v"(b));
    const double rate = 2.0 * 16 * chains * inner / (seconds() - t0);
    best = rate > best ? rate : best;
  }
  volatile float sink = 0;
  for (int i = 0; i < chains; ++i)
    sink = sink + _mm512_cvtss_f32(sum[i]);
  return best;
}

} // namespace kerf::bench
