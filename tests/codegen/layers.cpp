// How fast the kernels are on the layers of the VQ-VAE demo (width 64, batch 32, one core), beside
// the FMA peak of the same moment. Not a test of speed: hidden, run by `kernels "[.layers]"`.
#include "codegen/kernels.h"
#include "codegen/schedule/contract_form.h"

#include <catch2/catch.hpp>

#include <chrono>
#include <cstdio>
#include <immintrin.h>

using namespace kerf::test;
using kerf::codegen::ConvSizes;
using I = int64_t;

static double seconds() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

template <class Body> static double best(int repeats, Body body) {
  double least = INFINITY;
  for (int i = 0; i <= repeats; ++i) {
    const double start = seconds();
    body();
    least = std::min(least, seconds() - start);
  }
  return least;
}

/// Twelve independent chains keep both FMA units busy; in assembly, since compilers merge chains.
static double peakFlops() {
  constexpr long steps = 200000;
  const double time = best(5, [] {
    long n = steps;
    asm volatile("vxorps %%ymm12, %%ymm12, %%ymm12\n"
                 "1:\n"
                 ".irp i, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11\n"
                 "vfmadd231ps %%ymm12, %%ymm12, %%ymm\\i\n"
                 ".endr\n"
                 ".irp i, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11\n"
                 "vfmadd231ps %%ymm12, %%ymm12, %%ymm\\i\n"
                 ".endr\n"
                 "dec %0\n"
                 "jnz 1b\n"
                 : "+r"(n)
                 :
                 : "ymm0", "ymm1", "ymm2", "ymm3", "ymm4", "ymm5", "ymm6", "ymm7", "ymm8", "ymm9",
                   "ymm10", "ymm11", "ymm12", "cc");
  });
  return steps * 24 * 16 / time;
}

namespace {
struct Total {
  double flops = 0, seconds = 0;
  void add(const std::string &name, double work, double time, double count) {
    std::printf("%-46s %8.3f ms", name.c_str(), time * 1e3);
    if (work)
      std::printf(" %6.1f GFLOP/s  %4.1f %% of peak", work / time * 1e-9,
                  100 * work / time / peakFlops());
    std::printf("\n");
    flops += count * work, seconds += count * time;
  }
};
} // namespace

/// The convolution and its adjoints, `counts` times each in a train step.
static void layer(Total &total, ConvSizes s, std::array<int, 3> counts) {
  s.oh = (s.h + 2 * s.ph - s.kh) / s.sh + 1;
  s.ow = (s.w + 2 * s.pw - s.kw) / s.sw + 1;
  auto x = numbers<float>(s.n * s.c * s.h * s.w, 1), w = numbers<float>(s.o * s.c * s.kh * s.kw, 2);
  auto y = numbers<float>(s.n * s.o * s.oh * s.ow, 3);
  auto run = [&](const char *name, auto &a, auto &b, auto &c, int count) {
    if (!count)
      return;
    const std::vector<I> sizes = {s.n,  s.c,  s.h,  s.w,  s.o,  s.kh, s.kw,
                                  s.sh, s.sw, s.ph, s.pw, s.oh, s.ow};
    Scratch scratch(scratchBytes(name, sizes));
    auto f = kernel<void(float *, float *, float *, void *, I, I, I, I, I, I, I, I, I, I, I, I, I)>(
        name);
    const double time = best(20, [&] {
      f(a.data(), b.data(), c.data(), scratch.get(), s.n, s.c, s.h, s.w, s.o, s.kh, s.kw, s.sh,
        s.sw, s.ph, s.pw, s.oh, s.ow);
    });
    char text[99];
    std::snprintf(text, sizeof text, "%-14s %2ld -> %2ld, %ldx%ld, kernel %ld stride %ld", name,
                  long(s.c), long(s.o), long(s.h), long(s.w), long(s.kh), long(s.sh));
    total.add(text, flops(name, sizes), time, count);
  };
  auto out = y, image = x, filter = w;
  run("conv", x, w, out, counts[0]);
  run("conv_transpose", y, w, image, counts[1]);
  run("conv_filter", x, y, filter, counts[2]);
}

static void matmul(Total &total, I m, I n, I k) {
  auto a = numbers<float>(m * k, 1), b = numbers<float>(n * k, 2);
  std::vector<float> c(m * n);
  auto f = kernel<void(float *, float *, float *, I, I, I, I, I, I, I, I, I, I, I, I)>("gemm");
  const double time =
      best(20, [&] { f(a.data(), b.data(), c.data(), 1, m, n, k, 0, k, 1, 0, 1, k, m * n, n); });
  char text[99];
  std::snprintf(text, sizeof text, "gemm %ld x %ld x %ld, b transposed", long(m), long(n), long(k));
  total.add(text, 2.0 * m * n * k, time, 1);
}

TEST_CASE("layers of the VQ-VAE", "[.layers]") {
  Total total;
  layer(total, {32, 1, 32, 32, 32, 4, 4, 2, 2, 1, 1, 0, 0}, {2, 1, 2});
  layer(total, {32, 32, 16, 16, 64, 4, 4, 2, 2, 1, 1, 0, 0}, {2, 2, 2});
  layer(total, {32, 64, 8, 8, 64, 3, 3, 1, 1, 1, 1, 0, 0}, {2, 2, 2});
  layer(total, {32, 64, 8, 8, 32, 3, 3, 1, 1, 1, 1, 0, 0}, {4, 4, 4});
  layer(total, {32, 32, 8, 8, 64, 1, 1, 1, 1, 0, 0, 0, 0}, {4, 4, 4});
  layer(total, {32, 64, 8, 8, 64, 1, 1, 1, 1, 0, 0, 0, 0}, {1, 1, 1});
  matmul(total, 2048, 512, 64);
  std::printf("a train step: %.2f GFLOP, %.2f ms, %.1f %% of peak\n", total.flops * 1e-9,
              total.seconds * 1e3, 100 * total.flops / total.seconds / peakFlops());

  auto distances = numbers<float>(2048 * 512, 1), rows = numbers<float>(2048 * 64, 1);
  std::vector<float> noise(1 << 20), table(512 * 64);
  std::vector<I> indices(2048);
  auto argmin = kernel<void(float *, I *, I, I, I)>("argmin");
  total.add("argmin 2048 x 512", 0,
            best(20, [&] { argmin(distances.data(), indices.data(), 2048, 512, 1); }), 0);
  total.add("argmin 2048 x 512, over the outer axis", 0,
            best(20, [&] { argmin(distances.data(), indices.data(), 1, 512, 2048); }), 0);
  auto scatter = kernel<void(float *, I *, float *, I, I, I)>("scatter_add");
  total.add("scatter_add 2048 x 64 into 512", 0,
            best(20, [&] { scatter(rows.data(), indices.data(), table.data(), 512, 64, 2048); }),
            0);
  auto gather = kernel<void(float *, I *, float *, I, I, I)>("gather");
  total.add("gather 2048 x 64 from 512", 0,
            best(20, [&] { gather(table.data(), indices.data(), rows.data(), 512, 256, 2048); }),
            0);
  const uint32_t key[] = {1, 2};
  const I offset = 3;
  for (const char *name : {"uniform", "normal"}) {
    auto draw = kernel<void(const uint32_t *, const I *, float *, I)>(name);
    total.add(std::string(name) + " 2^20", 0,
              best(10, [&] { draw(key, &offset, noise.data(), noise.size()); }), 0);
  }
  for (const char *name : {"exp", "log", "tanh"}) {
    auto map = kernel<void(float *, float *, I)>(name);
    total.add(std::string(name) + " 2^20", 0,
              best(10, [&] { map(distances.data(), distances.data(), 1 << 20); }), 0);
  }
}
