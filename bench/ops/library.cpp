// What the workers of the benches of ops call: Kerf's entries, timed; inputs; the machine's peaks.
#include "abi.h"
#include "peak.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <random>
#include <vector>

extern "C" {

double bench_fma_peak(double budget) { return kerf::bench::fmaPeak(budget); }
/// With AVX-512; 0 where the machine has none.
double bench_fma_peak_512(double budget) {
  return kerf_cpu_features() & KERF_CPU_AVX512F ? kerf::bench::fmaPeak512(budget) : 0;
}

/// Bytes read and written per second, of a copy far beyond the caches.
double bench_copy_peak() {
  const std::size_t size = 128 << 20;
  std::vector<char> from(size, 1), to(size, 2);
  double best = 0;
  for (int i = 0; i < 5; ++i) {
    const double start = kerf::bench::seconds();
    std::memcpy(to.data(), from.data(), size);
    best = std::max(best, 2.0 * size / (kerf::bench::seconds() - start));
    from[i] = to[size - 1 - i];
  }
  return best;
}

void bench_normal(float *to, std::int64_t count, std::uint64_t seed) {
  std::mt19937_64 engine(seed);
  std::normal_distribution<float> normal;
  for (std::int64_t i = 0; i < count; ++i)
    to[i] = normal(engine);
}

void *bench_allocate(std::uint64_t bytes) {
  return std::aligned_alloc(64, std::max<std::uint64_t>((bytes + 63) / 64 * 64, 64));
}
void bench_free(void *bytes) { std::free(bytes); }

std::uint64_t bench_arena_bytes(const kerf_entry *entry, std::uint64_t threads) {
  return kerf_arena_bytes(entry, threads);
}
/// Null where the system gives no threads.
kerf_pool *bench_pool(std::uint64_t threads) { return kerf_pool_create(threads); }

/// What calls may use: of the body for `target`, or of this machine.
std::uint64_t bench_features(const kerf_entry *entry, const char *target) {
  for (std::uint64_t i = 0; i < entry->num_bodies; ++i)
    if (std::strcmp(entry->bodies[i].target, target) == 0)
      return entry->bodies[i].cpu_features;
  return KERF_CPU_ALL;
}

/// Seconds of one run on a pool of so many threads, or -1 and a line on standard error. `data`: one
/// pointer per argument.
double bench_run(const kerf_entry *entry, void *arena, kerf_pool *pool, std::uint64_t threads,
                 std::uint64_t features, void *const *data) {
  kerf_context context;
  kerf_context_init(&context);
  context.cpu_features = features;
  context.arena = arena;
  context.arena_bytes = kerf_arena_bytes(entry, threads);
  context.pool = pool;
  context.workers = threads;
  DLTensor tensors[KERF_MAX_ARGUMENTS], *pointers[KERF_MAX_ARGUMENTS];
  for (std::uint32_t i = 0; i < entry->num_arguments; ++i) {
    const kerf_argument &argument = entry->arguments[i];
    tensors[i] = {data[i],
                  {kDLCPU, 0},
                  argument.rank,
                  argument.dtype,
                  const_cast<std::int64_t *>(argument.shape),
                  nullptr,
                  0};
    pointers[i] = &tensors[i];
  }
  const double start = kerf::bench::seconds();
  const kerf_status status = kerf_invoke(entry, &context, pointers);
  const double seconds = kerf::bench::seconds() - start;
  if (status == KERF_OK)
    return seconds;
  std::fprintf(stderr, "bench: %s: %s\n", entry->name, context.message);
  return -1;
}

} // extern "C"
