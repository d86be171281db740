
#include "toy.h"
kerf_status use(kerf_context *context, DLTensor *params, DLTensor *key) {
  static char memory[toy_params_bytes];
  params->data = memory;
  if (kerf_arena_bytes(&toy_init_descriptor, 2) > toy_arena_bytes(2) ||
      toy_init_arena_bytes(2) > toy_train_step_arena_bytes(2) || toy_params_block.num_leaves < toy_warmup_steps)
    return KERF_ERROR_ARENA;
  return toy_init(context, params, key);
}
