/* The compiled model from C: no C++ anywhere in the program's own code. */
#include <line.h> /* the generated one, not the model beside this file */

#include <stdio.h>
#include <stdlib.h>

static DLTensor block(void *memory, int64_t *bytes) {
  DLTensor tensor = {memory, {kDLCPU, 0}, 1, {kDLUInt, 8, 1}, bytes, NULL, 0};
  return tensor;
}

int main(void) {
  kerf_context context;
  kerf_context_init(&context);
  context.workers = kerf_available_workers();
  context.pool = kerf_pool_create(context.workers);
  context.arena_bytes = (line_arena_bytes(context.workers) + 64) / 64 * 64;
  context.arena = aligned_alloc(64, context.arena_bytes);
  int64_t params_bytes = line_params_bytes, adam_bytes = line_adam_bytes;
  DLTensor params = block(aligned_alloc(64, line_params_bytes), &params_bytes);
  DLTensor adam = block(aligned_alloc(64, line_adam_bytes), &adam_bytes);
  kerf_status status = line_init(&context, &params, &adam);
  printf("%s %s, %s at %d\n", kerf_status_name(status), context.message,
         line_params_block.leaves[1].name, (int)line_params_block.leaves[1].offset);

  params.byte_offset = 4;
  status = line_init(&context, &params, &adam);
  printf("%s %s\n", kerf_status_name(status), context.message);
  kerf_pool_destroy(context.pool);
  return status == KERF_ERROR_ALIGNMENT ? 0 : 1;
}
