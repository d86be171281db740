// Labels and indices inside and outside of their range, and log-softmax where a class is sure.
#include <kerf/kerf.h>

namespace kerf::cases {
namespace {

inline constexpr auto B = dim<"B">();

struct Trained {
  Tensor<f32> loss;
  Tensor<f32, B, 3> gradient;
};
Trained classify(const Tensor<f32, B, 3> &logits, const Tensor<i64, B> &labels) {
  const auto of = [&](const Tensor<f32, B, 3> &x) { return let(cross_entropy(x, labels)); };
  auto [loss, gradient] = value_and_grad(of)(logits);
  return {loss, gradient};
}
Trained classify_some(const Tensor<f32, B, 3> &logits, const Tensor<i64, B> &labels) {
  const auto of = [&](const Tensor<f32, B, 3> &x) {
    return let(cross_entropy(x, labels, ignore = -100));
  };
  auto [loss, gradient] = value_and_grad(of)(logits);
  return {loss, gradient};
}

/// One row: the loss of its first class, the gradient, and that of the gradient's first element.
struct Row {
  Tensor<f32, 3> value, first, second;
};
Row sure(const Tensor<f32, 3> &x) {
  const auto of_first = [&](const Tensor<f32, 3> &x) {
    return let(sum(take<0, 0, 1>(log_softmax(x))));
  };
  const auto slope = [&](const Tensor<f32, 3> &x) {
    auto [value, gradient] = value_and_grad(of_first)(x);
    return let(sum(take<0, 0, 1>(gradient)));
  };
  Row row;
  row.value = log_softmax(x);
  row.first = value_and_grad(of_first)(x).gradients;
  row.second = value_and_grad(slope)(x).gradients;
  return row;
}

struct Found {
  Tensor<f32, 5, 3> hot;
  Tensor<f32, 5, 2> gathered;
  Tensor<f32, 3, 2> scattered;
  Tensor<f32, 4> counts;
};
Found outside(const Tensor<i64, 5> &indices, const Tensor<f32, 3, 2> &table) {
  Found found;
  found.hot = one_hot<3>(indices);
  found.gathered = gather(table, indices);
  found.scattered = scatter_add<3>(Tensor<f32, 5, 2>(1), indices);
  found.counts = cast<f32>(code_counts<4>(indices));
  return found;
}

const auto registered = model<"labels">(
    entry<"classify">(classify, roles("logits", "labels"), bind(B, 4)),
    entry<"classify_some">(classify_some, roles("logits", "labels"), bind(B, 4)),
    entry<"sure">(sure, roles("x")), entry<"outside">(outside, roles("indices", "table")));

} // namespace
} // namespace kerf::cases
