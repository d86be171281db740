// Open entries beside bound ones, as a server for open.py: one line in, one line of JSON out.
// `ENTRY ROWS TIMES` calls the open entry, and the one bound to ROWS, TIMES times in turns.
#include "kerf_runtime.hpp"
#include "peak.h"

#include <open_rows.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <map>
#include <random>
#include <string>
#include <vector>

namespace {

const kerf_entry *find(const std::string &name) {
  for (const kerf_entry *entry : open_rows::entries)
    if (entry->name == "open_rows_" + name)
      return entry;
  std::fprintf(stderr, "bench: there is no entry %s\n", name.c_str());
  std::exit(1);
}

/// The memory of all calls: blocks by role, data by entry.
class Calls {
public:
  Calls(const kerf::Pool &pool, std::uint64_t features) : context(open_rows::arena_bytes, pool) {
    context.get()->cpu_features = features;
  }

  /// Seconds of a call with so many rows.
  double seconds(const kerf_entry &entry, std::int64_t rows) {
    std::vector<std::vector<std::int64_t>> shapes(entry.num_arguments);
    std::vector<DLTensor> tensors(entry.num_arguments);
    std::vector<DLTensor *> pointers;
    for (std::uint32_t i = 0; i < entry.num_arguments; ++i) {
      const kerf_argument &argument = entry.arguments[i];
      shapes[i].assign(argument.shape, argument.shape + argument.rank);
      if (argument.per_row)
        shapes[i][0] = std::int64_t(argument.per_row) * rows;
      tensors[i] = {memory(entry, argument),
                    {kDLCPU, 0},
                    argument.rank,
                    argument.dtype,
                    shapes[i].data(),
                    nullptr,
                    0};
      pointers.push_back(&tensors[i]);
    }
    const double start = kerf::bench::seconds();
    if (kerf_invoke(&entry, context.get(), pointers.data()) != KERF_OK) {
      std::fprintf(stderr, "bench: %s: %s\n", entry.name, context.get()->message);
      std::exit(1);
    }
    return kerf::bench::seconds() - start;
  }

private:
  /// Floats are small numbers, so that no step runs away; integers are 0, but a key.
  void *memory(const kerf_entry &entry, const kerf_argument &argument) {
    const std::string name =
        argument.is_block ? argument.name : std::string(entry.name) + "." + argument.name;
    auto [place, isNew] = blocks.try_emplace(name, argument.bytes / 64 + 1);
    auto *floats = reinterpret_cast<float *>(place->second.data());
    if (isNew && (argument.is_block || argument.dtype.code == kDLFloat))
      for (std::uint64_t i = 0; i < argument.bytes / 4; ++i)
        floats[i] = name == "adam" || name == "step" ? 0 : 0.1f * float(random() >> 8) * 0x1p-24f;
    return floats;
  }

  struct alignas(64) Line {
    unsigned char bytes[64] = {};
  };
  std::map<std::string, std::vector<Line>> blocks;
  kerf::Context context;
  std::mt19937 random{7};
};

void print(const char *name, const std::vector<double> &seconds) {
  std::printf("\"%s\": ", name);
  for (std::size_t i = 0; i < seconds.size(); ++i)
    std::printf("%s%.9f", i ? ", " : "[", seconds[i]);
  std::printf("]");
}

} // namespace

/// `bench_open [threads [target]]`
int main(int count, char **words) {
  const kerf::Pool pool(count > 1 ? std::strtoull(words[1], nullptr, 10) : 1);
  const char *target = count > 2 ? words[2] : "x86-64-v3";
  Calls calls(pool, kerf::features_of(*open_rows::entries[0], target));
  std::printf("{}\n");
  std::fflush(stdout);
  char entry[64];
  long rows = 0;
  int times = 0;
  while (std::scanf("%63s %ld %d", entry, &rows, &times) == 3) {
    const kerf_entry *opened = find(entry), *bound = find(entry + ("_" + std::to_string(rows)));
    calls.seconds(*opened, rows); // once before, so that memory is there
    calls.seconds(*bound, rows);
    std::vector<double> ofOpen, ofBound;
    for (int i = 0; i < times; ++i)
      for (const bool isOpen : {i % 2 == 0, i % 2 != 0})
        (isOpen ? ofOpen : ofBound).push_back(calls.seconds(isOpen ? *opened : *bound, rows));
    std::printf("{");
    print("open", ofOpen);
    std::printf(", ");
    print("bound", ofBound);
    std::printf("}\n");
    std::fflush(stdout);
  }
}
