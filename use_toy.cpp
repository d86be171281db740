
#include "toy.h"
#include <array>
#include <span>
#include <vector>

static_assert(toy::warmup_steps == 100 && toy::low == -3);
static_assert(toy::arena_bytes(1) == 4160 && toy::arena_bytes(3) == 4288);
static_assert(toy::arena_bytes((UINT64_MAX - 4096) / 64) == UINT64_MAX - 63);
static_assert(toy::arena_bytes((UINT64_MAX - 4096) / 64 + 1) == UINT64_MAX);
static_assert(sizeof(toy::Params) == toy_params_bytes && alignof(toy::Params) == 64);
static_assert(toy::TrainStepX::shape[0] == 5 && toy::TrainStepX::size == 15);
static_assert(!std::is_default_constructible_v<toy::Params>);

float use(std::span<const float> x) {
  kerf::Context context(toy::arena_bytes), two_workers(toy::arena_bytes, 2);
  const kerf::Pool pool(3);
  kerf::Context shares(toy::arena_bytes, pool), one_worker(toy::arena_bytes(1));
  kerf::Block<toy::Params> params;
  kerf::Block<toy::Adam> adam;
  toy::init(context, params, kerf::RandomKey(7));
  toy::init(context, params, std::array<std::uint32_t, 2>{1, 2});
  params->layers[1].weight(3, 2) = 1;
  params->layers[1].weight[3][2] += 1;
  for (float &value : params->heads._1.default_)
    value = 0;
  adam->m.layers[0].bias[3] = 2;
  adam->t = 0;
  kerf::View<const float, 4, 3> weight = params->layers[0].weight;
  std::vector<std::int64_t> codes(5);
  kerf::Block<kerf::Array<float, 5, 3>> batch;
  toy::TrainStepResults results = toy::train_step(context, params, adam, batch, codes);
  results = toy::train_step(context, *params, *adam, x, codes);
  const kerf_block &block = kerf::table<toy::Params>();
  return results.loss + float(results.context_) + weight(0, 0) + float(block.num_leaves);
}
