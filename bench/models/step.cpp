// A model's train step as a server for step.py, step_native.py and systems.py, which run it and its
// peers in turns: one line in, one line of JSON out. `N` runs N steps; `kernels N` times each
// convolution and contraction of the VQ-VAE's step by itself, N times.
#include "kerf_runtime.hpp"
#include "peak.h"

#include <algorithm>
#include <cinttypes>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <vector>

extern "C" {
#define MODEL(name) extern const kerf_entry name##_init_descriptor, name##_train_step_descriptor;
#define VQVAE(name)                                                                                \
  MODEL(name)                                                                                      \
  extern const kerf_entry name##_init_codebook_descriptor;
VQVAE(vqvae)
VQVAE(step_32)
VQVAE(step_128)
#include "benched.inc"
#undef VQVAE
#undef MODEL
#define KERNEL(number, op, shapes, calls, flop)                                                    \
  extern const kerf_entry step_kernels_k##number##_descriptor;
#include "step_kernels.inc"
#undef KERNEL
}

namespace {

struct Free {
  void operator()(void *bytes) const { std::free(bytes); }
};
using Bytes = std::unique_ptr<void, Free>;

/// 64-byte aligned; the contents do not matter.
Bytes allocate(std::uint64_t size) {
  return Bytes(std::aligned_alloc(64, std::max<std::uint64_t>((size + 63) / 64 * 64, 64)));
}

/// What calls may use of the machine: all, or what the body for one target needs.
std::uint64_t features = KERF_CPU_ALL;

/// Buffers of the arguments, by name: entries that use the same role share it.
class Arguments {
public:
  /// All entries that run here must do with the scratch memory of the largest of these.
  Arguments(std::initializer_list<const kerf_entry *> entries, const kerf::Pool &pool)
      : context(largest(entries, pool.workers())) {
    context.get()->pool = pool.get();
    context.get()->workers = pool.workers();
    context.get()->cpu_features = features;
  }

  /// Floats of data arguments are uniform in [0, 1), like pixels; `init` writes the roles.
  void prepare(const kerf_entry &entry) {
    for (std::uint32_t i = 0; i < entry.num_arguments; ++i) {
      const kerf_argument &argument = entry.arguments[i];
      Bytes &bytes = buffers[key(argument)];
      if (bytes)
        continue;
      bytes = allocate(argument.bytes);
      if (argument.is_block || argument.access != KERF_READ)
        continue;
      if (argument.dtype.code == kDLFloat && argument.dtype.bits == 32)
        for (std::uint64_t k = 0; k < argument.bytes / 4; ++k)
          static_cast<float *>(bytes.get())[k] = float(random() >> 8) * 0x1p-24f;
      else // a key, or labels: all of the first class
        std::memset(bytes.get(), argument.dtype.code == kDLUInt ? 7 : 0, argument.bytes);
    }
  }
  void run(const kerf_entry &entry) {
    std::vector<DLTensor> tensors(entry.num_arguments);
    std::vector<DLTensor *> pointers;
    for (std::uint32_t i = 0; i < entry.num_arguments; ++i) {
      const kerf_argument &argument = entry.arguments[i];
      tensors[i] = {buffers[key(argument)].get(),
                    {kDLCPU, 0},
                    argument.rank,
                    argument.dtype,
                    const_cast<std::int64_t *>(argument.shape),
                    nullptr,
                    0};
      pointers.push_back(&tensors[i]);
    }
    if (kerf_invoke(&entry, context.get(), pointers.data()) != KERF_OK) {
      std::fprintf(stderr, "bench: %s: %s\n", entry.name, context.get()->message);
      std::exit(1);
    }
  }
  void prepareAndRun(const kerf_entry &entry) {
    prepare(entry);
    run(entry);
  }
  float scalar(const char *name) { return *static_cast<float *>(buffers.at(name).get()); }

private:
  static std::uint64_t largest(std::initializer_list<const kerf_entry *> entries,
                               std::uint64_t workers) {
    std::uint64_t bytes = 0;
    for (const kerf_entry *entry : entries)
      bytes = std::max(bytes, kerf_arena_bytes(entry, workers));
    return bytes;
  }
  /// Data of different shapes (a batch of 32, of 512) may have one name.
  static std::string key(const kerf_argument &argument) {
    return argument.is_block || argument.bytes <= 4
               ? argument.name
               : argument.name + std::to_string(argument.bytes);
  }
  std::map<std::string, Bytes> buffers;
  kerf::Context context;
  std::mt19937 random{7};
};

struct Configuration {
  const char *model;
  const kerf_entry &init, &train_step;
  const kerf_entry *init_codebook = nullptr;
};
const Configuration configurations[] = {
#define MODEL(name) {#name, name##_init_descriptor, name##_train_step_descriptor},
#define VQVAE(name)                                                                                \
  {#name, name##_init_descriptor, name##_train_step_descriptor, &name##_init_codebook_descriptor},
    VQVAE(vqvae) VQVAE(step_32) VQVAE(step_128)
#include "benched.inc"
#undef VQVAE
#undef MODEL
};

/// That of this model, the first if nobody asks; null if there is none.
const Configuration *find(const char *model) {
  for (const Configuration &one : configurations)
    if (!model || std::strcmp(one.model, model) == 0)
      return &one;
  return nullptr;
}

template <class Run> std::vector<double> timed(int times, Run run) {
  std::vector<double> seconds;
  for (int i = 0; i < times; ++i) {
    const double start = kerf::bench::seconds();
    run();
    seconds.push_back(kerf::bench::seconds() - start);
  }
  return seconds;
}

void print(const std::vector<double> &seconds) {
  for (std::size_t i = 0; i < seconds.size(); ++i)
    std::printf("%s%.9f", i ? ", " : "[", seconds[i]);
  std::printf("]");
}

void kernel(const kerf_entry &entry, const char *op, const char *shapes, int calls, double flop,
            int times, const kerf::Pool &pool, bool &first) {
  Arguments arguments({&entry}, pool);
  arguments.prepareAndRun(entry);
  std::printf("%s{\"op\": \"%s\", \"shapes\": \"%s\", \"calls\": %d, \"flop\": %.0f, \"seconds\": ",
              first ? "" : ", ", op, shapes, calls, flop);
  print(timed(times, [&] { arguments.run(entry); }));
  std::printf("}");
  first = false;
}

void kernels(int times, const kerf::Pool &pool) {
  bool first = true;
  std::printf("{\"peak\": %.0f, \"kernels\": [", kerf::bench::fmaPeak());
#define KERNEL(number, op, shapes, calls, flop)                                                    \
  kernel(step_kernels_k##number##_descriptor, op, shapes, calls, flop, times, pool, first);
#include "step_kernels.inc"
#undef KERNEL
  std::printf("]}\n");
}

} // namespace

/// `bench_step [nanoseconds [threads [target [model]]]]`: when the parent started this program, on
/// CLOCK_MONOTONIC; how many share a call, 1 by default; the target whose body runs, `best` by
/// default; whose step, `vqvae` by default.
int main(int count, char **words) {
  const double started = count > 1 ? std::strtod(words[1], nullptr) * 1e-9 : kerf::bench::seconds();
  const kerf::Pool pool(count > 2 ? std::strtoull(words[2], nullptr, 10) : 1);
  const std::string target = count > 3 ? words[3] : "best";
  const Configuration *configuration = find(count > 4 ? words[4] : nullptr);
  if (!configuration) {
    std::fprintf(stderr, "bench: there is no model %s here\n", words[4]);
    return 1;
  }
  const kerf_entry &step = configuration->train_step;
  for (std::uint64_t i = 0; i < step.num_bodies; ++i)
    if (step.bodies[i].target == target)
      features = step.bodies[i].cpu_features;
  const kerf_body *body = kerf_choose_body(&step, features);
  if (!body || (target != "best" && body->target != target)) {
    std::fprintf(stderr, "bench: no body for %s runs here\n", target.c_str());
    return 1;
  }
  const kerf_entry &init = configuration->init;
  const kerf_entry *codebook = configuration->init_codebook;
  Arguments arguments({&step, &init, codebook ? codebook : &init}, pool);
  arguments.prepareAndRun(init);
  const double initialised = kerf::bench::seconds();
  arguments.prepareAndRun(step);
  const double first = kerf::bench::seconds();
  std::vector<double> next = timed(9, [&] { arguments.run(step); });
  std::ranges::nth_element(next, next.begin() + 4);
  if (codebook)
    arguments.prepareAndRun(*codebook);
  std::printf("{\"name\": \"Kerf\", \"target\": \"%s\", \"model\": \"%s\", "
              "\"first_step\": %.6f, \"init\": %.6f, \"next_step\": %.6f, "
              "\"threads\": %" PRIu64 ", \"arena_bytes\": %" PRIu64 "}\n",
              body->target, configuration->model, first - started, initialised - started, next[4],
              pool.workers(), kerf_arena_bytes(&step, pool.workers()));
  std::fflush(stdout);

  char line[64];
  while (std::fgets(line, sizeof line, stdin)) {
    int times = 0;
    if (std::strcmp(line, "peaks\n") == 0) {
      const bool wide = kerf_cpu_features() & KERF_CPU_AVX512F;
      std::printf("{\"peak\": %.0f, \"peak512\": %.0f}\n", kerf::bench::fmaPeak(),
                  wide ? kerf::bench::fmaPeak512() : 0);
    } else if (std::sscanf(line, "kernels %d", &times) == 1) {
      kernels(times, pool);
    } else if (std::sscanf(line, "%d", &times) == 1) {
      const double peak = kerf::bench::fmaPeak();
      std::printf("{\"peak\": %.0f, \"seconds\": ", peak);
      print(timed(times, [&] { arguments.run(step); }));
      const float loss = arguments.scalar("loss");
      std::printf(", \"loss\": %g}\n", double(loss));
      if (!std::isfinite(loss)) {
        std::fprintf(stderr, "bench: the loss is %g\n", double(loss));
        return 1;
      }
    }
    std::fflush(stdout);
  }
}
