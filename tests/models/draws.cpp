// Draws made of ops.
#include <kerf/kerf.h>

namespace draws {
using namespace kerf;
namespace {

struct Draws {
  Tensor<f32, 3, 4> uniform_like;
  Tensor<f32, 4096> exponential, truncated;
  Tensor<i64, 4096> randint, categorical, at_two, at_given;
  Tensor<i1, 4096> bernoulli;
  Tensor<i64, 64> permutation;
};
Draws all(const Key &key, const Tensor<f32> &temperature) {
  const Tensor<f32, 4> shares{0.1, 0.2, 0.3, 0.4};
  let logits = broadcast_to<4096, 4>(log(shares));
  return {uniform_like(fold(key, 0), zeros<Tensor<f32, 3, 4>>()),
          exponential<4096>(fold(key, 1)),
          truncated_normal<4096>(fold(key, 2), -1, 2),
          randint<4096>(fold(key, 3), -3, 4),
          categorical(fold(key, 4), logits),
          categorical(fold(key, 7), logits, kerf::temperature = 2.0),
          categorical<0>(fold(key, 8), transpose<1, 0>(logits), kerf::temperature = temperature),
          bernoulli<4096>(fold(key, 5), 0.25),
          permutation<64>(fold(key, 6))};
}

const auto registered = model<"draws">(entry<"all">(all, roles("key", "temperature")));

} // namespace
} // namespace draws
