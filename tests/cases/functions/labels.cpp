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
  Tensor<f32, 7, 3> hot;
  Tensor<f32, 7, 2> gathered;
  Tensor<f32, 3, 2> scattered;
  Tensor<f32, 7, 1> along;
};
Found outside(const Tensor<i64, 7> &indices, const Tensor<f32, 3, 2> &table) {
  Found found;
  found.hot = one_hot<3>(indices);
  found.gathered = gather(table, indices);
  found.scattered = scatter_add<3>(Tensor<f32, 7, 2>(1), indices);
  found.along = take_along(broadcast_to<7, 3>(cast<f32>(arange<3>())), reshape<7, 1>(indices));
  return found;
}

/// Codes of rows, of which some are none.
struct Book {
  Tensor<f32, 4, 2> e;
};
struct Use {
  Tensor<f32, 4> counts;
  Tensor<f32> perplexity, usage;
  Tensor<f32, 7, 2> decoded, decoded_levels;
  Tensor<f32, 7, 3> of_grid;
  Tensor<f32, 7, 6> of_bits;
};
Use codes_outside(Book &book, CodebookState<4, 2> &state, const Tensor<f32, 7, 2> &rows,
                  const Tensor<i64, 7> &codes) {
  Use use;
  use.counts = code_counts<4>(codes);
  use.perplexity = perplexity<4>(codes);
  use.usage = usage<4>(codes);
  use.decoded = decode(book.e, codes);
  use.decoded_levels = residual_decode(std::array{book.e}, reshape<7, 1>(codes));
  use.of_grid = fsq_decode<3, 5, 2>(codes);
  use.of_bits = lfq_decode<6>(codes);
  ema_update(book.e, state, rows, codes, decay = 0, epsilon = 0);
  return use;
}

const auto registered = model<"labels">(
    entry<"classify">(classify, roles("logits", "labels"), bind(B, 4)),
    entry<"classify_some">(classify_some, roles("logits", "labels"), bind(B, 4)),
    entry<"sure">(sure, roles("x")), entry<"outside">(outside, roles("indices", "table")),
    entry<"codes_outside">(codes_outside, roles("book", "state", "rows", "codes")));

} // namespace
} // namespace kerf::cases
