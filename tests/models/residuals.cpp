// Quantization in levels and in groups at awkward sizes, and its derivatives beside the formulas
// that define them: what tests/models/residual_laws.cpp calls.
#include <kerf/kerf.h>

namespace kerf::models {
namespace {

constexpr int rows = 13, features = 6, codes = 7, levels = 3;
using Rows = Tensor<f32, rows, features>;
struct Books {
  std::array<Tensor<f32, codes, features>, levels> level;
};

// ---- levels --------------------------------------------------------------------------------

struct Residual {
  Tensor<i64, rows, levels> codes;
  Rows quantized, output, decoded, coarse, last_rest;
  Tensor<f32> codebook, commitment;
};
Residual residual(const Books &books, const Rows &z) {
  const auto q = residual_vq(z, books.level);
  const auto coarse = select(reshape<1, levels>(arange<levels>()) < 2, q.codes, -1);
  return {q.codes,
          q.quantized,
          q.output,
          residual_decode(books.level, q.codes),
          residual_decode(books.level, coarse),
          q.rests[levels - 1],
          q.losses.codebook,
          q.losses.commitment};
}

/// What one level must be, and is.
struct One {
  Tensor<i64, 2, 5, 3> one_codes;
  Tensor<i64, 2, 5, 3> vq_codes;
  Tensor<f32, 2, features, 5, 3> one_output, vq_output;
  Tensor<f32> one_codebook, vq_codebook, one_commitment, vq_commitment, one_entropy, vq_entropy;
};
One one_level(const Books &books, const Tensor<f32, 2, features, 5, 3> &z) {
  const auto one = residual_vq<1>(z, std::array{books.level[0]}, metric = cosine, entropy = 0.5);
  const auto q = vq<1>(z, books.level[0], metric = cosine, entropy = 0.5);
  return {reshape<2, 5, 3>(one.codes),
          q.codes,
          one.output,
          q.output,
          one.losses.codebook,
          q.losses.codebook,
          one.losses.commitment,
          q.losses.commitment,
          one.losses.entropy,
          q.losses.entropy};
}

struct Dropped {
  Tensor<i64, rows, levels> codes;
  Rows quantized, output, decoded;
  Tensor<f32> codebook;
};
Dropped dropped(const Books &books, const Rows &z, const Tensor<i1, rows> &real, const Key &draw) {
  const auto all = shared<levels>(books.level[0]);
  const auto q =
      residual_vq(z, all, mask = real, quantize_dropout = draw, estimator = rotation_trick);
  return {q.codes, q.quantized, q.output, residual_decode(all, q.codes), q.losses.codebook};
}

/// Every level draws its own noise.
struct Drawn {
  Tensor<i64, rows, levels> codes;
  Rows output, sum;
};
Drawn drawn(const Books &books, const Rows &z, const Key &draw) {
  const auto q =
      residual_vq(z, shared<levels>(books.level[0]), estimator = straight_through_gumbel_softmax,
                  kerf::key = draw, temperature = 2.0);
  return {q.codes, q.output, q.quantized};
}

/// The upkeep of all levels at once.
struct States {
  std::array<CodebookState<codes, features>, levels> level;
};
void follow(Books &books, States &states, const Rows &z) {
  const auto q = residual_vq(z, books.level);
  for (int level = 0; level < levels; ++level) {
    states.level[level] = ema_state(books.level[level]);
    ema_update(books.level[level], states.level[level], q.rests[level], q.level_codes[level]);
  }
}

// ---- groups --------------------------------------------------------------------------------

struct Groups {
  std::array<Tensor<f32, codes, 2>, 3> group;
};
struct Grouped {
  Tensor<i64, 4, 5, 3> codes, head_codes;
  Tensor<f32, 4, 6, 5> output, head_output;
  Tensor<f32> commitment, head_commitment;
  std::array<Tensor<i64, 4, 5>, 3> each; // by `vq` of its slice
  std::array<Tensor<f32, 4, 2, 5>, 3> each_output;
  std::array<Tensor<f32>, 3> each_commitment;
};
Grouped grouped(const Groups &books, const Tensor<f32, 4, 6, 5> &z) {
  const auto q = grouped_vq<1>(z, books.group);
  const auto heads = multi_head_vq<3, 1>(z, books.group[0]); // codes : (4, 3, 5)
  Grouped result{q.codes,
                 transpose<0, 2, 1>(heads.codes),
                 q.output,
                 heads.output,
                 q.losses.commitment,
                 heads.losses.commitment,
                 {},
                 {},
                 {}};
  const auto one = [&](int group, const auto &rows) {
    const auto own = vq<1>(rows, books.group[group]);
    result.each[group] = own.codes;
    result.each_output[group] = own.output;
    result.each_commitment[group] = own.losses.commitment;
  };
  one(0, take<1, 0, 2>(z));
  one(1, take<1, 2, 4>(z));
  one(2, take<1, 4, 6>(z));
  return result;
}

struct GroupedResidual {
  Tensor<i64, 4, 5, 3, 2> codes;
  Tensor<f32, 4, 5, 6> output, decoded;
};
GroupedResidual grouped_residual(const Groups &books, const Tensor<f32, 4, 5, 6> &z,
                                 const Tensor<i1, 4, 5> &real) {
  const std::array all{shared<2>(books.group[0]), shared<2>(books.group[1]),
                       shared<2>(books.group[2])};
  const auto q = grouped_vq(z, all, mask = real);
  const auto part = [&]<int group>(std::integral_constant<int, group>) {
    return residual_decode(all[group], reshape<4, 5, 2>(take<2, group, group + 1>(q.codes)));
  };
  let first = part(std::integral_constant<int, 0>());
  let second = part(std::integral_constant<int, 1>());
  let third = part(std::integral_constant<int, 2>());
  let decoded = concat<2>(concat<2>(first, second), third);
  return {q.codes, q.output, decoded};
}

Tensor<i64, 4, 5, 3> masked_heads(const Groups &books, const Tensor<f32, 4, 5, 6> &z,
                                  const Tensor<i1, 4, 5> &real) {
  return multi_head_vq<3>(z, books.group[1], mask = real).codes;
}

// ---- derivatives ---------------------------------------------------------------------------

struct Point {
  Tensor<f64, rows, features> z;
  std::array<Tensor<f64, codes, features>, levels> books;
};
struct Scalar {
  Tensor<f64> value;
};

/// A loss; its gradient, and the gradient of the gradient's product with `direction`.
Scalar derivatives(auto loss, const Point &point, const Point &direction, Point &first,
                   Point &second) {
  auto along = [&](const Point &point) {
    auto [value, gradient] = value_and_grad(loss)(point);
    Tensor<f64> product = sum(gradient.z * direction.z);
    for (int level = 0; level < levels; ++level)
      product = product + sum(gradient.books[level] * direction.books[level]);
    return product;
  };
  auto [value, gradient] = value_and_grad(loss)(point);
  first = gradient;
  second = value_and_grad(along)(point).gradients;
  return {value};
}

auto weigh(const auto &output, const auto &weight, const auto &codebook, const auto &commitment) {
  let loss = sum(weight * square(output)) + 2 * codebook + 3 * commitment;
  return loss;
}

using Weight = Tensor<f64, rows, features>;
Scalar straight(const Point &point, const Point &direction, Point &first, Point &second,
                const Weight &weight) {
  auto loss = [&](const Point &point) {
    const auto q = residual_vq(point.z, point.books);
    return weigh(q.output, weight, q.losses.codebook, q.losses.commitment);
  };
  return derivatives(loss, point, direction, first, second);
}
Scalar turned(const Point &point, const Point &direction, Point &first, Point &second,
              const Weight &weight) {
  auto loss = [&](const Point &point) {
    const auto q = residual_vq(point.z, point.books, estimator = rotation_trick);
    return weigh(q.output, weight, q.losses.codebook, q.losses.commitment);
  };
  return derivatives(loss, point, direction, first, second);
}

/// The chain of rests as the paper writes it, and one matrix per row from z to the sum of codes.
Scalar formula(const Point &point, const Point &direction, Point &first, Point &second,
               const Weight &weight, bool rotates) {
  auto loss = [&](const Point &point) {
    let z = point.z;
    let rest = z;
    let sum = 0 * stop_gradient(z);
    let codebook = 0 * mean(stop_gradient(z));
    let commitment = codebook;
    for (int level = 0; level < levels; ++level) {
      let e = point.books[level];
      let distance = kerf::sum<2>(square(reshape<rows, 1, features>(rest) - e));
      let q = gather(e, argmin<1>(distance));
      codebook = codebook + mse(q, stop_gradient(rest));
      commitment = commitment + mse(rest, stop_gradient(q));
      sum = sum + stop_gradient(q);
      rest = rest - stop_gradient(q);
    }
    if (!rotates)
      return weigh(z + (sum - stop_gradient(z)), weight, codebook, commitment);
    const auto unit = [](const auto &x) { return x / sqrt(kerf::sum<1, keep>(square(x))); };
    const auto outer = [](const auto &a, const auto &b) {
      return einsum<"n i, n j -> n i j">(a, b);
    };
    let u = unit(stop_gradient(z));
    let v = unit(sum);
    let r = unit(u + v);
    let scale =
        sqrt(kerf::sum<1, keep>(square(sum)) / kerf::sum<1, keep>(square(stop_gradient(z))));
    let turn = eye<f64, features>() - 2 * outer(r, r) + 2 * outer(v, u); // (rows, D, D)
    let output = scale * einsum<"n i j, n j -> n i">(turn, z);
    return weigh(output, weight, codebook, commitment);
  };
  return derivatives(loss, point, direction, first, second);
}
Scalar straight_formula(const Point &point, const Point &direction, Point &first, Point &second,
                        const Weight &weight) {
  return formula(point, direction, first, second, weight, false);
}
Scalar turned_formula(const Point &point, const Point &direction, Point &first, Point &second,
                      const Weight &weight) {
  return formula(point, direction, first, second, weight, true);
}

const auto derivative_roles = roles("point", "direction", "first", "second", "weight");
const auto registered = model<"residuals">(
    entry<"residual">(residual, roles("books", "z")),
    entry<"one_level">(one_level, roles("books", "z")),
    entry<"dropped">(dropped, roles("books", "z", "real", "key")),
    entry<"drawn">(drawn, roles("books", "z", "key")),
    entry<"follow">(follow, roles("books", "states", "z")),
    entry<"grouped">(grouped, roles("groups", "z")),
    entry<"grouped_residual">(grouped_residual, roles("groups", "z", "real")),
    entry<"masked_heads">(masked_heads, roles("groups", "z", "real"), returns("codes")),
    entry<"straight">(straight, derivative_roles),
    entry<"straight_formula">(straight_formula, derivative_roles),
    entry<"turned">(turned, derivative_roles),
    entry<"turned_formula">(turned_formula, derivative_roles));

} // namespace
} // namespace kerf::models
