// The runtime's own threads. One word says what there is to do; whoever waits looks at it for a
// bounded time, then sleeps on it as a futex.
#include "pool_detail.h"

#include <atomic>
#include <errno.h>
#include <initializer_list>
#include <limits.h>
#include <linux/futex.h>
#include <new>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace {
constexpr size_t cache_line = 64;
/// Kernels keep tens of KB on the stack; libc puts the program's thread-local variables there too.
constexpr size_t stack_bytes = size_t(8) << 20;
/// 0.1 to 0.5 ms, as long as the CPU's pause is: longer than most of what a caller does alone
/// between two parts of a call, and than the 10 to 60 us that it takes to wake a thread.
constexpr uint32_t spins = 10000;

/// What a state says, beside the number of workers that the job is for:
constexpr uint32_t open = 1,        // there is a job, and numbers may be left
    caller_sleeps = 2,              // until nobody is in the job
    stop = 4,                       // threads end
    one_inside = 8,                 // threads in the job, below 1,024
    inside = 1023 * one_inside,     //
    one_worker = 1024 * one_inside; // the job's workers, the caller among them
static_assert(KERF_MAX_WORKERS <= 1024);

/// Who is woken: worker w by bit w, the last by all that have no bit of their own.
constexpr uint32_t wakes(uint64_t worker) { return 1u << (worker < 31 ? worker : 31); }
/// Of those that share a job.
constexpr uint32_t wakes_workers(uint64_t workers) {
  return (workers > 31 ? ~0u : wakes(workers) - 1) & ~wakes(0);
}

using Word = std::atomic<uint32_t>;
static_assert(sizeof(Word) == sizeof(uint32_t) && Word::is_always_lock_free);

/// Until `word` is no longer `value`, or somebody wakes one of `bits`; at times for no reason.
/// Tells whether it slept.
bool sleep_on(Word &word, uint32_t value, uint32_t bits) {
  return !syscall(SYS_futex, &word, FUTEX_WAIT_BITSET_PRIVATE, value, nullptr, nullptr, bits);
}
void wake(Word &word, uint32_t bits) {
  syscall(SYS_futex, &word, FUTEX_WAKE_BITSET_PRIVATE, INT_MAX, nullptr, nullptr, bits);
}

void pause_cpu() {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#endif
}

/// A caller's errno, which futexes change.
class KeepErrno {
public:
  ~KeepErrno() { errno = value; }

private:
  int value = errno;
};

struct Pool : kerf_pool {
  explicit Pool(uint64_t workers);

  alignas(cache_line) Word state = 0;
  /// The job: written while nobody is inside, read by who is.
  kerf_task task = nullptr;
  void *closure = nullptr;
  uint64_t count = 0;
  alignas(cache_line) std::atomic<uint64_t> next = 0; ///< the first number that nobody has taken
  alignas(cache_line) Word sleepers = 0;              ///< threads that are to be woken
  Word has_caller = 0;
  /// Calls and jobs, twice, plus 1 where kerf_pool_destroy waits for them.
  Word uses = 0;

  const uint64_t workers;
  uint32_t patience; ///< how often a waiting thread looks before it sleeps
  const pid_t process = getpid();
  Word seats = 0; ///< taken by threads
  uint64_t num_threads = 0;
  pthread_t threads[KERF_MAX_WORKERS];
};

bool is_open_to(uint32_t state, uint64_t worker) {
  return state & open && worker < state / one_worker;
}

/// Tasks of the job, until no number is left.
void work(Pool &pool, uint64_t worker) {
  const uint64_t count = pool.count;
  for (uint64_t i; (i = pool.next.fetch_add(1, std::memory_order_relaxed)) < count;)
    pool.task(pool.closure, i, worker);
}

/// Out of the job. No number is left, so it is closed too: whoever comes later stays outside, and
/// finds the job's memory gone without harm.
void leave(Pool &pool) {
  uint32_t before = pool.state.load(std::memory_order_relaxed), after;
  do
    after = (before & ~open) - one_inside;
  while (!pool.state.compare_exchange_weak(before, after, std::memory_order_acq_rel,
                                           std::memory_order_relaxed));
  if (!(after & inside) && after & caller_sleeps)
    wake(pool.state, wakes(0));
}

void *serve(void *memory) {
  Pool &pool = *static_cast<Pool *>(memory);
  const uint64_t worker = 1 + pool.seats.fetch_add(1, std::memory_order_relaxed);
  char name[16];
  snprintf(name, sizeof name, "kerf/%llu", static_cast<unsigned long long>(worker));
  pthread_setname_np(pthread_self(), name);

  for (uint32_t patience = 0;;) {
    uint32_t state = pool.state.load(std::memory_order_acquire);
    if (state & stop)
      return nullptr;
    if (is_open_to(state, worker)) {
      if (pool.state.compare_exchange_weak(state, state + one_inside, std::memory_order_acq_rel,
                                           std::memory_order_relaxed)) {
        work(pool, worker);
        leave(pool);
        patience = pool.patience;
      }
    } else if (patience) {
      --patience;
      pause_cpu();
    } else {
      // In one order with the caller's two steps, to open the job and to look for sleepers: either
      // it sees this one, or the futex sees the job.
      pool.sleepers.fetch_add(1, std::memory_order_seq_cst);
      if (sleep_on(pool.state, state, wakes(worker)))
        patience = pool.patience;
      pool.sleepers.fetch_sub(1, std::memory_order_relaxed);
    }
  }
}

[[noreturn]] void refuse(const char *what) {
  fputs(what, stderr);
  abort();
}

/// Until nobody is in the job.
void wait_for_workers(Pool &pool) {
  uint32_t state = pool.state.fetch_and(~open, std::memory_order_acquire) & ~open;
  for (uint32_t patience = pool.patience; state & inside && patience; --patience) {
    pause_cpu();
    state = pool.state.load(std::memory_order_acquire);
  }
  if (state & inside && pool.process != getpid())
    refuse(
        "kerf: a task forked, and its child goes on with a call whose other threads it has not\n");
  while (state & inside) {
    if (!(state & caller_sleeps) &&
        !pool.state.compare_exchange_weak(state, state | caller_sleeps, std::memory_order_acquire))
      continue;
    sleep_on(pool.state, state | caller_sleeps, wakes(0));
    state = pool.state.load(std::memory_order_acquire);
  }
}

bool take(Pool &pool) {
  if (pool.has_caller.exchange(1, std::memory_order_acquire))
    return false;
  return true;
}
void give_back(Pool &pool) { pool.has_caller.store(0, std::memory_order_release); }

void run_job(kerf_pool *base, uint64_t workers, uint64_t count, kerf_task task, void *closure) {
  const KeepErrno keep;
  const kerf::runtime::detail::PoolUse use(base);
  Pool &pool = *static_cast<Pool *>(base);
  if (workers > pool.workers)
    workers = pool.workers;
  // Where the threads are another job's, of which this may be a task, the caller is enough.
  if (workers < 2 || count < 2 || !take(pool)) {
    for (uint64_t number = 0; number < count; ++number)
      task(closure, number, 0);
    return;
  }
  pool.task = task;
  pool.closure = closure;
  pool.count = count;
  pool.next.store(0, std::memory_order_relaxed);
  pool.state.store(open + static_cast<uint32_t>(workers) * one_worker, std::memory_order_seq_cst);
  if (pool.sleepers.load(std::memory_order_seq_cst))
    wake(pool.state, wakes_workers(workers));
  work(pool, 0);
  wait_for_workers(pool);
  give_back(pool);
}

Pool::Pool(uint64_t workers)
    : kerf_pool{run_job}, workers(workers),
      // A thread that spins where another waits for its CPU keeps it from the work.
      patience(workers <= kerf_available_workers() ? spins : 0) {}

/// Signals are the program's threads' affair; but for those that a thread's own instructions cause,
/// which end a process that blocks them without a word.
void block_signals(sigset_t &before) {
  sigset_t all;
  sigfillset(&all);
  for (int own : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGSYS})
    sigdelset(&all, own);
  pthread_sigmask(SIG_BLOCK, &all, &before);
}

/// 0, or why there are fewer threads than workers - 1.
int start(Pool &pool) {
  pthread_attr_t attributes;
  if (int error = pthread_attr_init(&attributes))
    return error;
  int error = pthread_attr_setstacksize(&attributes, stack_bytes);
  sigset_t before;
  block_signals(before); // which threads inherit
  while (!error && pool.num_threads + 1 < pool.workers) {
    error = pthread_create(&pool.threads[pool.num_threads], &attributes, serve, &pool);
    pool.num_threads += !error;
  }
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  pthread_attr_destroy(&attributes);
  return error;
}

/// Waiting would never end where the wait is for the waiting thread.
void refuse_inside(const Pool &pool) {
  const pthread_t self = pthread_self();
  bool is_inside = kerf::runtime::detail::PoolUse::is_of_this_thread(&pool);
  for (uint64_t i = 0; i < pool.num_threads; ++i)
    is_inside |= pthread_equal(pool.threads[i], self) != 0;
  if (is_inside)
    refuse("kerf_pool_destroy: called from a task of the pool; destroy it after the call\n");
}

void end(Pool &pool) {
  refuse_inside(pool);
  uint32_t uses = pool.uses.fetch_or(1, std::memory_order_acquire) | 1;
  for (; uses > 1; uses = pool.uses.load(std::memory_order_acquire))
    sleep_on(pool.uses, uses, ~0u);
  pool.state.fetch_or(stop, std::memory_order_release);
  wake(pool.state, ~0u);
  for (uint64_t i = 0; i < pool.num_threads; ++i)
    pthread_join(pool.threads[i], nullptr);
}
} // namespace

namespace kerf::runtime::detail {

static thread_local const PoolUse *innermost = nullptr;

PoolUse::PoolUse(kerf_pool *pool)
    : pool(pool && pool->run == run_job ? pool : nullptr), outer(innermost) {
  innermost = this;
  if (this->pool)
    static_cast<Pool *>(this->pool)->uses.fetch_add(2, std::memory_order_relaxed);
}

bool PoolUse::is_of_this_thread(const kerf_pool *pool) {
  for (const PoolUse *use = innermost; use; use = use->outer)
    if (use->pool == pool)
      return true;
  return false;
}

PoolUse::~PoolUse() {
  innermost = outer;
  if (!pool)
    return;
  Word &uses = static_cast<Pool *>(pool)->uses;
  if (uses.fetch_sub(2, std::memory_order_release) == 3) // from here on the pool may be gone
    wake(uses, ~0u);
}

} // namespace kerf::runtime::detail

extern "C" {
kerf_pool *kerf_pool_create(uint64_t workers) {
  void *memory = nullptr;
  if (workers < 1 || workers > KERF_MAX_WORKERS)
    errno = EINVAL;
  else
    memory = aligned_alloc(alignof(Pool), sizeof(Pool));
  if (!memory)
    return nullptr;
  Pool *pool = new (memory) Pool(workers);
  if (int error = start(*pool)) {
    kerf_pool_destroy(pool);
    errno = error;
    return nullptr;
  }
  return pool;
}

void kerf_pool_destroy(kerf_pool *base) {
  const KeepErrno keep;
  Pool *pool = static_cast<Pool *>(base);
  if (pool && pool->process == getpid()) // a forked child has the memory, not the threads
    end(*pool);
  free(pool);
}
}
