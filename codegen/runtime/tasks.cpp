// How the work of a call is spread over its workers.
#include "abi.h"

extern "C" void kerf_run_tasks(const kerf_call *call, uint64_t count, kerf_task task,
                               void *closure) {
  kerf_pool *pool = call->context->pool;
  if (call->workers > 1 && count > 1 && pool)
    return pool->run(pool, call->workers < count ? call->workers : count, count, task, closure);
  for (uint64_t number = 0; number < count; ++number)
    task(closure, number, 0);
}
