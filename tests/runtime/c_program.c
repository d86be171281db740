/* A C program on the runtime: linked by the C compiler, so that any need of libstdc++ is a link
 * error. */
#include "abi.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void twice_one(void *closure, uint64_t i, uint64_t worker) {
  const kerf_call *call = closure;
  const float *x = call->data[0];
  float *y = call->data[1];
  (void)worker;
  y[i] = 2 * x[i];
}
static void twice(const kerf_call *call) { kerf_run_tasks(call, 3, twice_one, (void *)call); }

int main(void) {
  static const int64_t shape[] = {3};
  const DLDataType f32 = {kDLFloat, 32, 1};
  const kerf_argument arguments[] = {{"x", 0, KERF_READ, f32, 1, shape, 12},
                                     {"y", 0, KERF_WRITE, f32, 1, shape, 12}};
  const kerf_body body = {0, "any", twice};
  const kerf_entry entry = {KERF_ABI_VERSION, 2, "toy_twice", arguments, 0, 0, 1, &body};

  float x[3] = {1, 2, 3}, y[3] = {0};
  int64_t extents[] = {3};
  DLTensor tensors[2] = {{x, {kDLCPU, 0}, 1, f32, extents, NULL, 0},
                         {y, {kDLCPU, 0}, 1, f32, extents, NULL, 0}};
  DLTensor *pointers[2] = {&tensors[0], &tensors[1]};
  kerf_context context;
  kerf_context_init(&context);
  context.workers = kerf_available_workers() + 1;
  context.pool = kerf_pool_create(context.workers);
  if (kerf_invoke(&entry, &context, pointers) != KERF_OK || y[2] != 6)
    return EXIT_FAILURE;
  extents[0] = 4;
  const kerf_status status = kerf_invoke(&entry, &context, pointers);
  kerf_pool_destroy(context.pool);
  printf("%s: %s\n", kerf_status_name(status), context.message);
  return status == KERF_ERROR_SHAPE && strstr(context.message, "want [3]") ? EXIT_SUCCESS
                                                                           : EXIT_FAILURE;
}
