// Entries that tell ThreadSanitizer every access, called from two threads at once.
//
// Usage: artefact_threads            two contexts with a pool each, blocks that are read shared: no
// race, the bits of one worker
//        artefact_threads blocks     both calls write the same block: what must be reported
//        artefact_threads tasks      tasks of one call write the same number: what must be reported
#include <ids_small.h>
#include <vqvae16.h>

#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <map>
#include <memory>
#include <random>
#include <span>
#include <string>
#include <thread>
#include <unistd.h>
#include <vector>

namespace {
constexpr uint64_t workers = 3;

/// In an order in which roles are written before they are read.
const kerf_entry *const entries[] = {
    &vqvae16_init_descriptor,
    &vqvae16_gradients_descriptor,
    &vqvae16_warmup_step_descriptor,
    &vqvae16_init_codebook_descriptor,
    &vqvae16_train_step_descriptor,
    &vqvae16_encode_descriptor,
    &vqvae16_decode_descriptor,
    &vqvae16_reconstruct_descriptor,
    &ids_small_embedding_gradients_descriptor,
    &ids_small_codec_gradients_descriptor,
    &ids_small_encode_descriptor,
    &ids_small_scores_descriptor,
};

[[noreturn]] void fail(const std::string &text) {
  std::fprintf(stderr, "artefact_threads: %s\n", text.c_str());
  std::exit(1);
}

struct Free {
  void operator()(void *bytes) const { std::free(bytes); }
};
using Bytes = std::unique_ptr<unsigned char, Free>;
Bytes allocate(uint64_t size) {
  const uint64_t rounded = (size + 64) / 64 * 64;
  Bytes bytes(static_cast<unsigned char *>(std::aligned_alloc(64, rounded)));
  std::memset(bytes.get(), 0, rounded);
  return bytes;
}

/// The pool of a context, and how many jobs it was given.
struct CountedPool : kerf_pool {
  kerf::Pool pool{workers};
  uint64_t jobs = 0;

  CountedPool() : kerf_pool{count} {}
  static void count(kerf_pool *self, uint64_t workers, uint64_t count, kerf_task task,
                    void *closure) {
    auto &own = *static_cast<CountedPool *>(self);
    ++own.jobs;
    own.pool.get()->run(own.pool.get(), workers, count, task, closure);
  }
};

/// Memory of arguments: those of one name and size share it.
class Blocks {
public:
  unsigned char *of(const kerf_argument &argument) {
    Bytes &bytes = blocks[argument.name + std::to_string(argument.bytes)];
    if (bytes)
      return bytes.get();
    bytes = allocate(argument.bytes);
    // Weights of roles that no entry initialises, and pixels; indices and keys are 0.
    if (argument.is_block || argument.dtype.code == kDLFloat)
      for (uint64_t i = 0; i < argument.bytes / 4; ++i) {
        const float value = float(random() >> 8) * 0x1p-24f;
        std::memcpy(bytes.get() + 4 * i, &value, 4);
      }
    return bytes.get();
  }

private:
  std::map<std::string, Bytes> blocks;
  std::mt19937 random{7};
};

/// Calls `entry`; what it reads is `shared`'s, what it writes a copy of that, which is given back.
std::vector<Bytes> call(const kerf_entry &entry, kerf_context &context, Blocks &shared,
                        bool writes_shared = false) {
  std::vector<Bytes> own;
  std::vector<std::vector<int64_t>> shapes;
  std::vector<DLTensor> tensors(entry.num_arguments);
  std::vector<DLTensor *> pointers;
  for (uint32_t i = 0; i < entry.num_arguments; ++i) {
    const kerf_argument &argument = entry.arguments[i];
    unsigned char *memory = shared.of(argument);
    if (argument.access != KERF_READ && !writes_shared) {
      own.push_back(allocate(argument.bytes));
      memory = static_cast<unsigned char *>(std::memcpy(own.back().get(), memory, argument.bytes));
    }
    tensors[i] = {memory,
                  {kDLCPU, 0},
                  argument.rank,
                  argument.dtype,
                  const_cast<int64_t *>(argument.shape),
                  nullptr,
                  0};
    pointers.push_back(&tensors[i]);
  }
  Bytes arena = allocate(kerf_arena_bytes(&entry, context.workers));
  context.arena = arena.get();
  context.arena_bytes = kerf_arena_bytes(&entry, context.workers);
  if (kerf_invoke(&entry, &context, pointers.data()) != KERF_OK)
    fail(context.message);
  return own;
}

kerf_context context_of(const kerf_body &body, CountedPool *pool) {
  kerf_context context;
  kerf_context_init(&context);
  context.cpu_features = body.cpu_features;
  context.pool = pool;
  context.workers = pool ? workers : 1;
  return context;
}

/// Whether the written arguments have the same bytes.
bool are_equal(const kerf_entry &entry, const std::vector<Bytes> &a, const std::vector<Bytes> &b) {
  size_t written = 0;
  for (uint32_t i = 0; i < entry.num_arguments; ++i)
    if (entry.arguments[i].access != KERF_READ) {
      if (std::memcmp(a[written].get(), b[written].get(), entry.arguments[i].bytes))
        return false;
      ++written;
    }
  return true;
}

/// `work(0)` and `work(1)` at the same time.
template <class Work> void at_once(Work work) {
  std::atomic<int> ready = 0;
  const auto run = [&](int number) {
    ++ready;
    while (ready < 2)
      std::this_thread::yield();
    work(number);
  };
  std::thread other(run, 1);
  run(0);
  other.join();
}

void clean() {
  Blocks shared;
  CountedPool pools[2];
  for (const kerf_entry *entry : entries) {
    std::vector<Bytes> want;
    for (const kerf_body &body : std::span(entry->bodies, entry->num_bodies)) {
      if (kerf_choose_body(entry, body.cpu_features) != &body)
        continue; // the machine lacks something
      kerf_context one = context_of(body, nullptr);
      std::vector<Bytes> alone = call(*entry, one, shared);
      if (want.empty())
        want = std::move(alone);
      else if (!are_equal(*entry, want, alone))
        fail(std::string(entry->name) + ": other bits by the body for " + body.target);
      std::vector<Bytes> got[2];
      at_once([&](int number) {
        kerf_context context = context_of(body, &pools[number]);
        got[number] = call(*entry, context, shared);
      });
      for (const std::vector<Bytes> &own : got)
        if (!are_equal(*entry, want, own))
          fail(std::string(entry->name) + ": other bits by 3 workers than by one");
    }
    // What was written is there for the next entry.
    size_t written = 0;
    for (uint32_t i = 0; i < entry->num_arguments; ++i)
      if (const kerf_argument &argument = entry->arguments[i]; argument.access != KERF_READ)
        std::memcpy(shared.of(argument), want[written++].get(), argument.bytes);
  }
  std::printf("artefact_threads: %d jobs\n", int(pools[0].jobs + pools[1].jobs));
  if (pools[0].jobs < 20)
    fail("hardly a call had tasks for its workers");
}

void same_blocks() {
  Blocks shared;
  const kerf_entry &entry = vqvae16_train_step_descriptor;
  for (uint32_t i = 0; i < entry.num_arguments; ++i)
    shared.of(entry.arguments[i]);
  at_once([&](int) {
    kerf_context context = context_of(*kerf_choose_body(&entry, KERF_CPU_ALL), nullptr);
    call(entry, context, shared, true);
  });
}

void same_number() {
  [[maybe_unused]] static uint64_t sum; // written by all at once
  static std::atomic<uint64_t> started = 0;
  static constexpr kerf_task add = [](void *, uint64_t number, uint64_t) {
    ++started;
    while (started < workers) // so that each worker has one
      std::this_thread::yield();
    sum += number;
  };
  static const kerf_body body{
      0, "any machine", [](const kerf_call *call) { kerf_run_tasks(call, workers, add, nullptr); }};
  const kerf_entry entry{KERF_ABI_VERSION, 0, "toy", nullptr, 0, 0, 1, &body, 0};
  CountedPool pool;
  kerf_context context = context_of(body, &pool);
  if (kerf_invoke(&entry, &context, nullptr) != KERF_OK)
    fail(context.message);
}
} // namespace

int main(int count, char **words) {
  alarm(600);
  const std::string mode = count > 1 ? words[1] : "";
  if (mode.empty())
    clean();
  else if (mode == "blocks")
    same_blocks();
  else if (mode == "tasks")
    same_number();
  else
    fail("there is no mode " + mode);
}
