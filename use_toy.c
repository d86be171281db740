
#include "toy.h"
kerf_status use(kerf_context *context, DLTensor *params, DLTensor *key) {
  static char memory[toy_params_bytes];
  params->data = memory;
  if (toy_init_descriptor.arena_bytes > toy_arena_bytes || toy_params_block.num_leaves < toy_warmup_steps)
    return KERF_ERROR_ARENA;
  return toy_init(context, params, key);
}
