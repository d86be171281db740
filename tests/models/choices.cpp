// What top_k makes: the largest with their gradients, random choices, permutations.
#include <kerf/kerf.h>

namespace kerf::models {
namespace {

struct Best {
  Tensor<f32, 3, 5, 4> values;
  Tensor<i64, 3, 5, 4> indices;
};
Best best(const Tensor<f32, 3, 5, 17> &x) {
  const auto found = largest<4>(x);
  return {found.values, found.indices};
}
/// Top of the only axis, in f64.
Tensor<f64, 3> best_of_row(const Tensor<f64, 9> &x) { return largest<3>(x).values; }
/// Along what was chosen.
Tensor<f32, 3, 5, 17> steepest(const Tensor<f32, 3, 5, 17> &x) {
  const auto loss = [](const Tensor<f32, 3, 5, 17> &x) {
    let y = sum(exp(largest<4>(x).values));
    return y;
  };
  auto [value, gradient] = value_and_grad(loss)(x);
  return gradient;
}

Tensor<i64, 5> few(const Key &key) { return choice<9, 5>(key); }
Tensor<i64, 1000> permutation(const Key &key) { return choice<1000, 1000>(key); }
Tensor<i64, 12> counting() { return arange<12>(); }

const auto registered = model<"choices">(
    entry<"best">(best, roles("x")), entry<"best_of_row">(best_of_row, roles("x")),
    entry<"steepest">(steepest, roles("x")), entry<"few">(few, roles("key")),
    entry<"permutation">(permutation, roles("key")), entry<"counting">(counting, roles()));

} // namespace
} // namespace kerf::models
