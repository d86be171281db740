// How the work of a call is spread over its workers.
#include "abi.h"
#include "float_state_detail.h"

namespace {
struct Work {
  kerf_task task;
  void *closure;
};

/// What pools are given: their threads may compute with any float state.
void run_task(void *work, uint64_t number, uint64_t worker) {
  const kerf::runtime::detail::DefaultFloatState floats;
  const Work &own = *static_cast<const Work *>(work);
  own.task(own.closure, number, worker);
}
} // namespace

extern "C" void kerf_run_tasks(const kerf_call *call, uint64_t count, kerf_task task,
                               void *closure) {
  kerf_pool *pool = call->context->pool;
  if (call->workers > 1 && count > 1 && pool) {
    Work work{task, closure};
    return pool->run(pool, call->workers < count ? call->workers : count, count, run_task, &work);
  }
  for (uint64_t number = 0; number < count; ++number)
    task(closure, number, 0);
}
