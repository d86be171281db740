// The runtime's threads: every task once whatever happens around it, and never a hang.
#include "kerf_runtime.hpp"

#include <catch2/catch.hpp>

#include <atomic>
#include <csignal>
#include <fstream>
#include <numeric>
#include <pthread.h>
#include <sched.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>
#include <vector>
#include <xmmintrin.h>

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define KERF_SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define KERF_SANITIZED 1
#endif
#endif

namespace {
/// As a model's header has it.
constexpr uint64_t arena_bytes(uint64_t workers) { return 100 + 64 * workers; }

/// A test that hangs ends the program.
struct Alarm {
  Alarm() { alarm(300); }
  ~Alarm() { alarm(0); }
};

/// Any callable as a task.
template <class Function> void call(void *closure, uint64_t number, uint64_t worker) {
  (*static_cast<Function *>(closure))(number, worker);
}
template <class Function>
void run(const kerf::Pool &pool, uint64_t workers, uint64_t count, Function function) {
  pool.get()->run(pool.get(), workers, count, call<Function>, &function);
}

/// Runs a job that counts, without atomics, what each number and each worker does: a thread
/// sanitizer sees a number or a worker that two threads have at once.
void check_job(const kerf::Pool &pool, uint64_t workers, uint64_t count) {
  std::vector<int> of_number(count);
  std::vector<uint64_t> of_worker(workers);
  run(pool, workers, count, [&](uint64_t number, uint64_t worker) {
    ++of_number.at(number);
    ++of_worker.at(worker);
  });
  REQUIRE(of_number == std::vector<int>(count, 1));
  REQUIRE(std::accumulate(of_worker.begin(), of_worker.end(), uint64_t{0}) == count);
}

/// Waits without a limit of its own, as a task may.
void await(const std::atomic<bool> &flag) {
  while (!flag)
    std::this_thread::yield();
}

/// What a forked child does: 0 where `function` returns true.
template <class Function> int in_child(Function function) {
  const pid_t child = fork();
  if (!child) {
    alarm(60);
    _exit(function() ? 0 : 1);
  }
  int status = 0;
  REQUIRE(waitpid(child, &status, 0) == child);
  return status;
}

uint64_t threads_of_this_process() {
  std::ifstream file("/proc/self/status");
  std::string word;
  while (file >> word)
    if (uint64_t threads; word == "Threads:" && file >> threads)
      return threads;
  return 0;
}

/// A thread that was joined is in the system's lists a little longer.
void await_threads(uint64_t count) {
  while (threads_of_this_process() != count)
    std::this_thread::yield();
}

/// An entry without arguments.
kerf_entry entry_of(const kerf_body &body, uint64_t worker_bytes = 0) {
  return {KERF_ABI_VERSION, 0, "toy", nullptr, 0, worker_bytes, 1, &body};
}
} // namespace

TEST_CASE("each number is done once, by one worker at a time", "[pool]") {
  const Alarm alarm;
  for (uint64_t workers : {1, 2, 3, 7, 64}) {
    const kerf::Pool pool(workers);
    for (int turn = 0; turn < 30; ++turn)
      for (uint64_t count : {0, 1, 2, 5, 63, 1000})
        check_job(pool, workers, count);
    check_job(pool, workers, 300'000);
    check_job(pool, 1, 10);
    check_job(pool, 2, 100);           // fewer than the pool has
    check_job(pool, 2 * workers, 100); // more
  }
}

TEST_CASE("threads that fell asleep come back", "[pool]") {
  const Alarm alarm;
  const kerf::Pool pool(3);
  for (int turn = 0; turn < 50; ++turn) {
    usleep(turn % 5 * 500);
    check_job(pool, turn % 2 ? 2 : 3, 200);
  }
}

TEST_CASE("a thread that comes too late does not see the job's memory", "[pool]") {
  const Alarm alarm;
  const kerf::Pool pool(8);
  for (int turn = 0; turn < 20'000; ++turn) {
    auto hits = std::make_unique<std::atomic<int>>(0);
    run(pool, 8, 2, [hits = hits.get()](uint64_t, uint64_t) { ++*hits; });
    const int seen = *hits;
    hits.reset();
    REQUIRE(seen == 2);
  }
}

TEST_CASE("all workers of a job can be at it at the same time", "[pool]") {
  const Alarm alarm;
  for (uint64_t workers : {2, 5, 40}) {
    const kerf::Pool pool(workers);
    for (int turn = 0; turn < 5; ++turn) {
      std::atomic<uint64_t> inside = 0;
      const uint64_t asked = turn % 2 ? workers : uint64_t{1} << 20; // more than any pool has
      run(pool, asked, workers, [&](uint64_t, uint64_t) {
        ++inside;
        while (inside < workers)
          std::this_thread::yield();
      });
      usleep(turn * 300);
    }
  }
}

TEST_CASE("a job for fewer workers than the pool has is left to them", "[pool]") {
  const Alarm alarm;
  const kerf::Pool pool(4);
  for (int turn = 0; turn < 100; ++turn) {
    check_job(pool, 4, 8); // all are awake
    run(pool, 2, 12, [](uint64_t, uint64_t worker) {
      if (worker > 1)
        std::abort();
      usleep(50);
    });
  }
}

TEST_CASE("one task that is slow is waited for", "[pool]") {
  const Alarm alarm;
  const kerf::Pool pool(4);
  for (uint64_t slow : {0, 7, 99}) {
    std::vector<int> done(100);
    run(pool, 4, 100, [&](uint64_t number, uint64_t) {
      if (number == slow)
        usleep(30'000);
      done[number] = 1;
    });
    CHECK(done == std::vector<int>(100, 1));
  }
}

TEST_CASE("a caller whose pool is in another's job runs alone", "[pool]") {
  const Alarm alarm;
  const kerf::Pool pool(2);
  std::atomic<bool> is_blocked = false, go_on = false;
  std::thread other([&] {
    run(pool, 2, 2, [&](uint64_t, uint64_t) { // blocks both workers
      is_blocked = true;
      await(go_on);
    });
  });
  await(is_blocked);
  const auto self = std::this_thread::get_id();
  std::vector<uint64_t> numbers;
  run(pool, 2, 5, [&](uint64_t number, uint64_t worker) {
    CHECK(std::this_thread::get_id() == self);
    CHECK(worker == 0);
    numbers.push_back(number);
  });
  CHECK(numbers == std::vector<uint64_t>{0, 1, 2, 3, 4});
  go_on = true;
  other.join();
}

TEST_CASE("several threads share a pool", "[pool]") {
  const Alarm alarm;
  const kerf::Pool pool(3);
  std::vector<std::thread> callers;
  std::vector<uint64_t> sums(4);
  for (uint64_t &sum : sums)
    callers.emplace_back([&pool, &sum] {
      for (int turn = 0; turn < 500; ++turn) {
        std::vector<uint64_t> values(40);
        run(pool, 3, 40, [&](uint64_t number, uint64_t) { values[number] = number + 1; });
        sum = std::accumulate(values.begin(), values.end(), sum);
      }
    });
  for (std::thread &caller : callers)
    caller.join();
  CHECK(sums == std::vector<uint64_t>(4, 500 * 820));
}

TEST_CASE("a job of a task runs on the thread of the task", "[pool]") {
  const Alarm alarm;
  const kerf::Pool pool(3);
  std::vector<int> done(60);
  run(pool, 3, 6, [&](uint64_t outer, uint64_t) {
    const auto self = std::this_thread::get_id();
    run(pool, 3, 10, [&](uint64_t inner, uint64_t worker) {
      done[10 * outer + inner] = std::this_thread::get_id() == self && worker == 0;
    });
  });
  CHECK(done == std::vector<int>(60, 1));
}

TEST_CASE("a forked child runs alone, and may destroy its copy", "[pool]") {
  const Alarm alarm;
  kerf_pool *pool = kerf_pool_create(3);
  const auto sum = [](kerf_pool *pool) {
    std::atomic<uint64_t> sum = 0;
    auto add = [&](uint64_t number, uint64_t) { sum += number; };
    pool->run(pool, 3, 100, call<decltype(add)>, &add);
    return sum.load();
  };
  const auto is_right_alone = [&] {
    const bool is_right = sum(pool) == 4950 && sum(pool) == 4950;
    kerf_pool_destroy(pool);
    return is_right;
  };
  SECTION("of a pool that never ran") { CHECK(in_child(is_right_alone) == 0); }
  SECTION("of a pool that ran") {
    REQUIRE(sum(pool) == 4950);
    CHECK(in_child(is_right_alone) == 0);
  }
  SECTION("of a pool that is in a job") {
    std::atomic<bool> is_blocked = false, go_on = false;
    std::thread other([&] {
      auto block = [&](uint64_t, uint64_t) {
        is_blocked = true;
        await(go_on);
      };
      pool->run(pool, 3, 3, call<decltype(block)>, &block);
    });
    await(is_blocked);
    CHECK(in_child(is_right_alone) == 0);
    go_on = true;
    other.join();
  }
  CHECK(sum(pool) == 4950); // nothing of it is seen here
  kerf_pool_destroy(pool);
}

TEST_CASE("a forked child may make a pool of its own", "[pool]") {
  CHECK(in_child([] {
          const kerf::Pool pool(3);
          std::atomic<uint64_t> inside = 0;
          run(pool, 3, 3, [&](uint64_t, uint64_t) {
            ++inside;
            while (inside < 3)
              std::this_thread::yield();
          });
          return true;
        }) == 0);
}

TEST_CASE("a child that a task forked aborts where threads would have to help it", "[pool]") {
  const Alarm alarm;
  const kerf::Pool pool(2);
  std::atomic<int> started = 0;
  int status = 0;
  std::atomic<bool> is_forked = false;
  const auto caller = std::this_thread::get_id();
  run(pool, 2, 2, [&](uint64_t, uint64_t) {
    ++started;
    while (started < 2) // so that both threads are inside
      std::this_thread::yield();
    if (std::this_thread::get_id() != caller)
      return await(is_forked);
    const pid_t child = fork();
    if (!child) {
      std::freopen("/dev/null", "w", stderr);
      ::alarm(60);
      std::signal(SIGABRT, SIG_DFL);
      return;
    }
    waitpid(child, &status, 0);
    is_forked = true;
  });
  REQUIRE(WIFSIGNALED(status));
  CHECK(WTERMSIG(status) == SIGABRT);
}

TEST_CASE("destroy waits for a call, between its jobs too", "[pool]") {
  const Alarm alarm;
  struct Steps {
    std::atomic<bool> is_between = false, go_on = false, is_done = false;
  };
  static Steps *steps;
  Steps own;
  steps = &own;
  const kerf_body body{0, "any", [](const kerf_call *call) {
                         const auto nothing = [](void *, uint64_t, uint64_t) {};
                         kerf_run_tasks(call, 4, nothing, nullptr);
                         steps->is_between = true;
                         await(steps->go_on);
                         usleep(20'000); // a destroy that does not wait is through by now
                         kerf_run_tasks(call, 4, nothing, nullptr);
                         steps->is_done = true;
                       }};
  const kerf_entry entry = entry_of(body);
  kerf_pool *pool = kerf_pool_create(2);
  kerf_context context;
  kerf_context_init(&context);
  context.pool = pool;
  context.workers = 2;
  kerf_status status = KERF_ERROR_BUSY;
  std::thread caller([&] { status = kerf_invoke(&entry, &context, nullptr); });
  await(own.is_between);
  own.go_on = true;
  kerf_pool_destroy(pool);
  CHECK(own.is_done);
  caller.join();
  CHECK(status == KERF_OK);
}

TEST_CASE("destroy inside a task says so and aborts", "[pool]") {
  for (bool by_caller : {true, false}) {
    const int status = in_child([by_caller] {
      std::freopen("/dev/null", "w", stderr);
      std::signal(SIGABRT, SIG_DFL);
      kerf_pool *pool = kerf_pool_create(2);
      const auto caller = std::this_thread::get_id();
      std::atomic<int> started = 0;
      auto end = [&](uint64_t, uint64_t) {
        ++started;
        while (started < 2)
          std::this_thread::yield();
        if (by_caller == (std::this_thread::get_id() == caller))
          kerf_pool_destroy(pool);
        else
          pause();
      };
      pool->run(pool, 2, 2, call<decltype(end)>, &end);
      return true;
    });
    REQUIRE(WIFSIGNALED(status));
    CHECK(WTERMSIG(status) == SIGABRT);
  }
}

TEST_CASE("destroy inside a task that the caller does alone says so and aborts", "[pool]") {
  for (uint64_t workers : {1, 2})
    for (uint64_t tasks : {1, 2}) {
      if (workers == 2 && tasks == 2)
        continue; // shared, as above
      const int status = in_child([=] {
        const Alarm alarm; // instead of waiting for itself
        std::freopen("/dev/null", "w", stderr);
        std::signal(SIGABRT, SIG_DFL);
        static kerf_pool *pool;
        static uint64_t count;
        pool = kerf_pool_create(workers);
        count = tasks;
        const kerf_body body{0, "any", [](const kerf_call *call) {
                               const auto end = [](void *, uint64_t, uint64_t) {
                                 kerf_pool_destroy(pool);
                               };
                               kerf_run_tasks(call, count, end, nullptr);
                             }};
        const kerf_entry entry = entry_of(body);
        kerf_context context;
        kerf_context_init(&context);
        context.pool = pool;
        context.workers = workers;
        kerf_invoke(&entry, &context, nullptr);
        return true;
      });
      REQUIRE(WIFSIGNALED(status));
      CHECK(WTERMSIG(status) == SIGABRT);
    }
}

TEST_CASE("threads have names, leave the program's signals alone, and end", "[pool]") {
  const Alarm alarm;
  const uint64_t before = threads_of_this_process();
  {
    const kerf::Pool pool(3);
    CHECK(threads_of_this_process() == before + 2);
    std::atomic<int> started = 0;
    std::vector<std::string> names(3);
    std::vector<int> blocks_term(3), blocks_fault(3);
    run(pool, 3, 3, [&](uint64_t, uint64_t worker) {
      ++started;
      while (started < 3)
        std::this_thread::yield();
      char name[16];
      pthread_getname_np(pthread_self(), name, sizeof name);
      names[worker] = name;
      sigset_t mask;
      pthread_sigmask(SIG_BLOCK, nullptr, &mask);
      blocks_term[worker] = sigismember(&mask, SIGTERM);
      blocks_fault[worker] = sigismember(&mask, SIGSEGV);
    });
    CHECK(names[1] == "kerf/1");
    CHECK(names[2] == "kerf/2");
    CHECK(blocks_term == std::vector<int>{0, 1, 1});
    CHECK(blocks_fault == std::vector<int>{0, 0, 0});
  }
  await_threads(before);
}

TEST_CASE("errno is the caller's", "[pool]") {
  const kerf::Pool pool(2);
  for (int turn = 0; turn < 20; ++turn) {
    usleep(1000);
    errno = 42;
    run(pool, 2, 2, [](uint64_t, uint64_t) { usleep(100), errno = 7; });
    REQUIRE(errno == 42);
  }
  kerf_available_workers();
  CHECK(errno == 42);
}

TEST_CASE("a pool has 1 to KERF_MAX_WORKERS workers", "[pool]") {
  for (uint64_t workers : {uint64_t{0}, uint64_t{KERF_MAX_WORKERS + 1}, UINT64_MAX}) {
    errno = 0;
    CHECK(kerf_pool_create(workers) == nullptr);
    CHECK(errno == EINVAL);
    CHECK_THROWS_WITH(kerf::Pool(workers), Catch::Contains("a pool of " + std::to_string(workers)));
  }
  kerf_pool_destroy(nullptr);
}

#ifndef KERF_SANITIZED // which need address space themselves
TEST_CASE("a pool that gets too few threads leaves nothing behind", "[pool]") {
  CHECK(in_child([] {
          std::ifstream file("/proc/self/statm");
          uint64_t pages = 0;
          file >> pages;
          const rlim_t room = rlim_t(pages) * rlim_t(getpagesize()) + (rlim_t(64) << 20);
          const rlimit limit{room, room};
          if (setrlimit(RLIMIT_AS, &limit))
            return false;
          for (int turn = 0; turn < 3; ++turn) {
            errno = 0;
            if (kerf_pool_create(512) || errno != EAGAIN)
              return false;
            await_threads(1);
          }
          check_job(kerf::Pool(4), 4, 100);
          return true;
        }) == 0);
}
#endif

TEST_CASE("one CPU serves any number of workers", "[pool]") {
  const Alarm alarm;
  cpu_set_t before, one;
  REQUIRE(sched_getaffinity(0, sizeof before, &before) == 0);
  CPU_ZERO(&one);
  for (int cpu = 0; cpu < CPU_SETSIZE; ++cpu)
    if (CPU_ISSET(cpu, &before) && !CPU_COUNT(&one))
      CPU_SET(cpu, &one);
  REQUIRE(sched_setaffinity(0, sizeof one, &one) == 0);
  CHECK(kerf_available_workers() == 1);
  {
    const kerf::Pool pool(4); // whose threads are born with this mask
    for (int turn = 0; turn < 200; ++turn)
      check_job(pool, 4, 50);
  }
  REQUIRE(sched_setaffinity(0, sizeof before, &before) == 0);
}

TEST_CASE("calls of two artefacts in one pool, of two contexts with a pool each", "[pool]") {
  const Alarm alarm;
  // y[i] = x[i] + what the entry adds; x is read by all.
  static std::vector<int> x(1000);
  std::iota(x.begin(), x.end(), 0);
  struct Sum {
    const int *x;
    int *y;
    int more;
  };
  static const auto body = []<int more>(const kerf_call *call) {
    Sum sum{x.data(), static_cast<int *>(call->data[0]), more};
    kerf_run_tasks(
        call, 100,
        [](void *closure, uint64_t number, uint64_t) {
          const Sum &sum = *static_cast<Sum *>(closure);
          for (uint64_t i = 10 * number; i < 10 * number + 10; ++i)
            sum.y[i] = sum.x[i] + sum.more;
        },
        &sum);
  };
  static constexpr int64_t shape[] = {1000};
  static const kerf_argument y_argument{"y", 0, KERF_WRITE, {kDLInt, 32, 1}, 1, shape, 4000, 0};
  static const kerf_body one{0, "any", [](const kerf_call *call) { body.operator()<1>(call); }},
      two{0, "any", [](const kerf_call *call) { body.operator()<2>(call); }};
  static const kerf_entry entries[] = {{KERF_ABI_VERSION, 1, "a", &y_argument, 0, 0, 1, &one, 0},
                                       {KERF_ABI_VERSION, 1, "b", &y_argument, 0, 0, 1, &two}};
  const auto call = [](kerf::Context &context, int which) {
    std::vector<int> y(1000);
    int64_t extents[] = {1000};
    DLTensor tensor{y.data(), {kDLCPU, 0}, 1, {kDLInt, 32, 1}, extents, nullptr, 0};
    DLTensor *tensors[] = {&tensor};
    bool is_right = kerf_invoke(&entries[which], context.get(), tensors) == KERF_OK;
    for (int i = 0; i < 1000; ++i)
      is_right &= y[size_t(i)] == i + which + 1;
    return is_right;
  };

  const kerf::Pool pool(3);
  kerf::Context first(arena_bytes, pool), second(arena_bytes, pool);
  for (int turn = 0; turn < 20; ++turn)
    CHECK((call(first, turn % 2) && call(second, 1 - turn % 2)));

  bool are_right[2] = {true, true};
  const auto calls = [&](int which) {
    kerf::Context own(arena_bytes, 2);
    for (int turn = 0; turn < 200; ++turn)
      are_right[which] &= call(own, which);
  };
  std::thread other(calls, 1);
  calls(0);
  other.join();
  CHECK((are_right[0] && are_right[1]));
}

TEST_CASE("a context brings as many workers as it is told", "[pool]") {
  kerf::Context all(arena_bytes);
  CHECK(all.workers() == kerf_available_workers());
  CHECK(all.get()->arena_bytes == 100 + 64 * all.workers());
  kerf::Context one(arena_bytes, 1);
  CHECK(one.get()->pool == nullptr);
  kerf::Context three(arena_bytes, 3);
  CHECK(three.get()->pool != nullptr);
  CHECK(three.workers() == 3);
  CHECK(three.get()->arena_bytes == 292);
  kerf::Context moved = std::move(three);
  CHECK(three.workers() == 1);
  CHECK(three.get()->pool == nullptr);
  CHECK(moved.workers() == 3);
  one = std::move(moved);
  CHECK(one.workers() == 3);
  CHECK(kerf::Context(4096).workers() == 1);
  CHECK_THROWS_WITH(kerf::Context(arena_bytes, 0), Catch::Contains("0 workers, want 1 to 1024"));
  CHECK_THROWS_WITH(kerf::Context(arena_bytes, 1025), Catch::Contains("1025 workers"));
}

// ---- floats
// --------------------------------------------------------------------------------------

namespace {
/// 1 + 2^-25 and a subnormal, each at several numbers: other rounding or flushing changes the bits.
struct Floats {
  static constexpr uint64_t size = 40;
  std::vector<float> values = std::vector<float>(size);
  std::vector<unsigned> states = std::vector<unsigned>(size);
  std::vector<uint16_t> x87_states = std::vector<uint16_t>(size);

  static void task(void *closure, uint64_t number, uint64_t) {
    Floats &floats = *static_cast<Floats *>(closure);
    volatile float a = number % 2 ? 1.0f : 1e-30f, b = number % 2 ? 0x1p-25f : 1e-10f;
    floats.values[number] = number % 2 ? a + b : a * b;
    __asm__ volatile("fnstcw %0" : "=m"(floats.x87_states[number]));
    floats.states[number] = _mm_getcsr() & ~0x3fu; // without the exceptions' flags
    usleep(50);                                    // so that all workers have some
  }
};
Floats *floats_of_body;
void body_of_floats(const kerf_call *call) {
  kerf_run_tasks(call, Floats::size, Floats::task, floats_of_body);
}

/// Threads of somebody else's, which flush and round up.
struct ForeignPool : kerf_pool {
  ForeignPool() : kerf_pool{spread} {}
  static void spread(kerf_pool *, uint64_t workers, uint64_t count, kerf_task task, void *closure) {
    std::atomic<uint64_t> next = 0;
    std::vector<std::thread> threads;
    for (uint64_t worker = 0; worker < workers; ++worker)
      threads.emplace_back([&, worker] {
        _mm_setcsr(0xdfc0);
        for (uint64_t number; (number = next++) < count;)
          task(closure, number, worker);
      });
    for (std::thread &thread : threads)
      thread.join();
  }
};
} // namespace

TEST_CASE("tasks have the default float state on every thread, callers keep theirs", "[pool]") {
  const Alarm alarm;
  const kerf_body body{0, "any", body_of_floats};
  const kerf_entry entry = entry_of(body);
  const auto invoke = [&](kerf_pool *pool, uint64_t workers) {
    Floats floats;
    floats_of_body = &floats;
    kerf_context context;
    kerf_context_init(&context);
    context.pool = pool;
    context.workers = workers;
    const kerf_status status = kerf_invoke(&entry, &context, nullptr);
    return status == KERF_OK ? floats : Floats{};
  };
  const Floats want = invoke(nullptr, 1);
  CHECK(want.values[0] > 0);
  CHECK(want.values[1] == 1);

  const kerf::Pool pool(3);
  ForeignPool foreign;
  const unsigned before = _mm_getcsr();
  uint16_t x87_before = 0, x87_rounds_up = 0x0b7f, x87_after = 0;
  __asm__ volatile("fnstcw %0" : "=m"(x87_before));
  for (kerf_pool *own : {pool.get(), static_cast<kerf_pool *>(&foreign), (kerf_pool *)nullptr}) {
    _mm_setcsr(0xdfc0); // flushes subnormals, takes them for zero, rounds up
    __asm__ volatile("fldcw %0" : : "m"(x87_rounds_up));
    const Floats got = invoke(own, own ? 3 : 1);
    const unsigned after = _mm_getcsr();
    __asm__ volatile("fnstcw %0" : "=m"(x87_after));
    _mm_setcsr(before);
    __asm__ volatile("fldcw %0" : : "m"(x87_before));
    CHECK((after & ~0x3fu) == 0xdfc0);
    CHECK(x87_after == x87_rounds_up);
    CHECK(got.values == want.values);
    CHECK(got.states == std::vector<unsigned>(Floats::size, 0x1f80));
    CHECK(got.x87_states == std::vector<uint16_t>(Floats::size, 0x37f));
  }
}
