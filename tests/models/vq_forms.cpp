// Every form of `vq` beside the formula that defines it, written out with all matrices: values,
// losses, gradients, and gradients of gradients of both come out.
#include <kerf/kerf.h>

namespace kerf::models {
namespace {

/// What the forms are given beside rows and codes.
template <int N> struct Given {
  Key key;
  Tensor<i1, N> mask;
  Tensor<f32> temperature;
};

/// What a form gives: codes, q, output, and what its losses sum up to.
template <int N, int D> struct Outcome {
  Tensor<i64, N> codes;
  Tensor<f32, N, D> quantized, output;
  Tensor<f32> loss;
};

// ---- pieces of the formulas ------------------------------------------------------------------

/// |z_n - e_k|^2   (N, D), (K, D) -> (N, K)
auto squared_distances(const auto &z, const auto &e) {
  return sum<2>(square(rearrange<"n d -> n 1 d">(z) - e));
}
/// Rows of length one.
auto unit_rows(const auto &x) { return x / sqrt(sum<1, keep>(square(x))); }

auto gumbel_noise(const auto &key, const auto &scores) {
  constexpr Shape shape = shape_of<decltype(scores)>;
  return -log(-log(maximum(uniform<shape[0], shape[1]>(key), 0x1p-25)));
}
/// One row per row of z, a 1 at its code.
template <class E> auto choices(const auto &codes, const E &) {
  return one_hot<shape_of<E>[0].value>(codes);
}
/// q + nothing, but with the gradient of y @ e.
auto with_all_codes(const auto &codes, const auto &y, const auto &e) {
  let p = choices(codes, e) + y - stop_gradient(y); // (N, K)
  return matmul(p, e);
}
/// The two losses of every form, so weighted that neither hides the other.
auto both_losses(const auto &z, const auto &q) {
  return 0.75 * mean(square(q - stop_gradient(z))) + 0.5 * mean(square(z - stop_gradient(q)));
}
auto both_losses(const auto &quantization) {
  return 0.75 * quantization.losses.codebook + 0.5 * quantization.losses.commitment;
}

// ---- forms: by vq, and by their formula ------------------------------------------------------

struct StraightThrough {
  template <int N, int D, int K>
  static Outcome<N, D> by_vq(const Tensor<f32, N, D> &z, const Tensor<f32, K, D> &e,
                             const Given<N> &) {
    auto q = vq(z, e);
    return {q.codes, q.quantized, q.output, both_losses(q)};
  }
  template <int N, int D, int K>
  static Outcome<N, D> by_formula(const Tensor<f32, N, D> &z, const Tensor<f32, K, D> &e,
                                  const Given<N> &) {
    let codes = argmin<1>(squared_distances(z, e));
    let q = matmul(choices(codes, e), e);
    return {codes, q, z + stop_gradient(q - z), both_losses(z, q)};
  }
};

struct DotProduct {
  template <int N, int D, int K>
  static Outcome<N, D> by_vq(const Tensor<f32, N, D> &z, const Tensor<f32, K, D> &e,
                             const Given<N> &) {
    auto q = vq(z, e, metric = dot, orthogonality = all_codes);
    return {q.codes, q.quantized, q.output, both_losses(q) + q.losses.orthogonality};
  }
  template <int N, int D, int K>
  static Outcome<N, D> by_formula(const Tensor<f32, N, D> &z, const Tensor<f32, K, D> &e,
                                  const Given<N> &) {
    let codes = argmax<1>(matmul(z, transpose_last(e)));
    let q = matmul(choices(codes, e), e);
    let unit = unit_rows(e);
    let orthogonality = sum(square(matmul(unit, transpose_last(unit)) - eye<f32, K>())) / (K * K);
    return {codes, q, z + stop_gradient(q - z), both_losses(z, q) + orthogonality};
  }
};

struct CosineSimilarity {
  template <int N, int D, int K>
  static Outcome<N, D> by_vq(const Tensor<f32, N, D> &z, const Tensor<f32, K, D> &e,
                             const Given<N> &) {
    auto q = vq(z, e, metric = cosine);
    return {q.codes, q.quantized, q.output, both_losses(q)};
  }
  template <int N, int D, int K>
  static Outcome<N, D> by_formula(const Tensor<f32, N, D> &z, const Tensor<f32, K, D> &e,
                                  const Given<N> &) {
    let u = unit_rows(z);
    let v = unit_rows(e);
    let codes = argmax<1>(matmul(u, transpose_last(v)));
    let q = matmul(choices(codes, e), v);
    return {codes, q, u + stop_gradient(q - u), both_losses(u, q)};
  }
};

struct Rotation {
  template <int N, int D, int K>
  static Outcome<N, D> by_vq(const Tensor<f32, N, D> &z, const Tensor<f32, K, D> &e,
                             const Given<N> &) {
    auto q = vq(z, e, estimator = rotation_trick);
    return {q.codes, q.quantized, q.output, both_losses(q)};
  }
  /// With a D x D matrix for every row.
  template <int N, int D, int K>
  static Outcome<N, D> by_formula(const Tensor<f32, N, D> &z, const Tensor<f32, K, D> &e,
                                  const Given<N> &) {
    let codes = argmin<1>(squared_distances(z, e));
    let q = matmul(choices(codes, e), e);
    let u = unit_rows(z);
    let v = unit_rows(q);
    let r = unit_rows(u + v);
    const auto outer = [](const auto &a, const auto &b) {
      return rearrange<"n i -> n i 1">(a) * rearrange<"n j -> n 1 j">(b);
    };
    let rotation = eye<f32, D>() - 2 * outer(r, r) + 2 * outer(v, u);          // (N, D, D)
    let scale = sqrt(sum<1, keep>(square(q))) / sqrt(sum<1, keep>(square(z))); // (N, 1)
    let output = stop_gradient(scale) * einsum<"n i j, n j -> n i">(stop_gradient(rotation), z);
    return {codes, q, output, both_losses(z, q)};
  }
};

struct Gumbel {
  template <int N, int D, int K>
  static Outcome<N, D> by_vq(const Tensor<f32, N, D> &z, const Tensor<f32, K, D> &e,
                             const Given<N> &given) {
    auto q = vq(z, e, estimator = gumbel_softmax, temperature = 0.75, key = given.key);
    return {q.codes, q.quantized, q.output, both_losses(q)};
  }
  template <int N, int D, int K>
  static Outcome<N, D> by_formula(const Tensor<f32, N, D> &z, const Tensor<f32, K, D> &e,
                                  const Given<N> &given) {
    let scores = -squared_distances(z, e);
    let y = softmax<1>((scores + gumbel_noise(given.key, scores)) / 0.75);
    let codes = argmax<1>(y);
    let q = matmul(choices(codes, e), e);
    return {codes, q, matmul(y, e), both_losses(z, q)};
  }
};

struct GumbelStraightThrough {
  template <int N, int D, int K>
  static Outcome<N, D> by_vq(const Tensor<f32, N, D> &z, const Tensor<f32, K, D> &e,
                             const Given<N> &given) {
    auto q = vq(z, e, estimator = straight_through_gumbel_softmax, metric = dot,
                temperature = given.temperature, key = given.key);
    return {q.codes, q.quantized, q.output, both_losses(q)};
  }
  template <int N, int D, int K>
  static Outcome<N, D> by_formula(const Tensor<f32, N, D> &z, const Tensor<f32, K, D> &e,
                                  const Given<N> &given) {
    let scores = matmul(z, transpose_last(e));
    let y = softmax<1>((scores + gumbel_noise(given.key, scores)) / given.temperature);
    let codes = argmax<1>(y);
    let q = matmul(choices(codes, e), e);
    return {codes, q, with_all_codes(codes, y, e), both_losses(z, q)};
  }
};

struct AllCodesLearn {
  template <int N, int D, int K>
  static Outcome<N, D> by_vq(const Tensor<f32, N, D> &z, const Tensor<f32, K, D> &e,
                             const Given<N> &) {
    auto q = vq(z, e, estimator = index_backpropagation, entropy = 2);
    return {q.codes, q.quantized, q.output,
            both_losses(q) + 0.5 * q.losses.entropy + 0.25 * q.losses.diversity};
  }
  template <int N, int D, int K>
  static Outcome<N, D> by_formula(const Tensor<f32, N, D> &z, const Tensor<f32, K, D> &e,
                                  const Given<N> &) {
    let distance = squared_distances(z, e);
    let codes = argmin<1>(distance);
    let q = matmul(choices(codes, e), e);
    let p = softmax<1>(-distance / 2);
    let of_rows = -mean<0>(sum<1>(p * log_softmax<1>(-distance / 2)));
    let of_batch = -sum(mean<0>(p) * log(mean<0>(p)));
    return {codes, q, with_all_codes(codes, softmax<1>(-distance), e),
            both_losses(z, q) + 0.5 * of_rows - 0.25 * of_batch};
  }
};

struct SampledCodes {
  template <int N, int D, int K>
  static Outcome<N, D> by_vq(const Tensor<f32, N, D> &z, const Tensor<f32, K, D> &e,
                             const Given<N> &given) {
    auto q = vq(z, e, selection = sampled, temperature = given.temperature, key = given.key);
    return {q.codes, q.quantized, q.output, both_losses(q)};
  }
  template <int N, int D, int K>
  static Outcome<N, D> by_formula(const Tensor<f32, N, D> &z, const Tensor<f32, K, D> &e,
                                  const Given<N> &given) {
    let scores = -squared_distances(z, e);
    let codes = argmax<1>(scores / given.temperature + gumbel_noise(given.key, scores));
    let q = matmul(choices(codes, e), e);
    return {codes, q, z + stop_gradient(q - z), both_losses(z, q)};
  }
};

struct SampledAllCodesLearn {
  template <int N, int D, int K>
  static Outcome<N, D> by_vq(const Tensor<f32, N, D> &z, const Tensor<f32, K, D> &e,
                             const Given<N> &given) {
    auto q = vq(z, e, estimator = index_backpropagation, metric = cosine, selection = sampled,
                temperature = 0.5, key = given.key);
    return {q.codes, q.quantized, q.output, both_losses(q)};
  }
  template <int N, int D, int K>
  static Outcome<N, D> by_formula(const Tensor<f32, N, D> &z, const Tensor<f32, K, D> &e,
                                  const Given<N> &given) {
    let u = unit_rows(z);
    let v = unit_rows(e);
    let scores = matmul(u, transpose_last(v)) / 0.5;
    let codes = argmax<1>(scores + gumbel_noise(given.key, scores));
    let q = matmul(choices(codes, e), v);
    return {codes, q, with_all_codes(codes, softmax<1>(scores), v), both_losses(u, q)};
  }
};

/// Rows that count, as numbers; all means are over them.
template <int N> struct Weights {
  Tensor<f32, N, 1> of_row;
  Tensor<f32> sum_of_rows;

  Weights(const Tensor<i1, N> &mask)
      : of_row(rearrange<"n -> n 1">(cast<f32>(mask))),
        sum_of_rows(maximum(sum(cast<f32>(mask)), 1)) {}
  auto mean_of(const auto &x) const { return sum(of_row * x) / sum_of_rows; }
};

/// mask ? codes : -1
auto counted_codes(const auto &codes, const auto &mask) { return select(mask, codes, -1); }

struct MaskedAllCodesLearn {
  template <int N, int D, int K>
  static Outcome<N, D> by_vq(const Tensor<f32, N, D> &z, const Tensor<f32, K, D> &e,
                             const Given<N> &given) {
    auto q = vq(z, e, estimator = index_backpropagation, mask = given.mask, entropy = 1.5,
                orthogonality = used_codes);
    return {q.codes, q.quantized, q.output,
            both_losses(q) + 0.5 * q.losses.entropy + 0.25 * q.losses.diversity +
                q.losses.orthogonality};
  }
  template <int N, int D, int K>
  static Outcome<N, D> by_formula(const Tensor<f32, N, D> &z, const Tensor<f32, K, D> &e,
                                  const Given<N> &given) {
    const Weights<N> rows(given.mask);
    let distance = squared_distances(z, e);
    let codes = argmin<1>(distance);
    let chosen = choices(codes, e); // (N, K)
    let q = matmul(chosen, e);
    let p = softmax<1>(-distance / 1.5);
    let of_rows = -rows.mean_of(sum<1, keep>(p * log_softmax<1>(-distance / 1.5)));
    let mean_p = sum<0>(rows.of_row * p) / rows.sum_of_rows;
    let of_batch = -sum(mean_p * log(maximum(mean_p, 1e-20)));
    let used = cast<f32>(sum<0>(rows.of_row * chosen) > 0); // (K)
    let unit = unit_rows(e);
    let both_used = rearrange<"k -> k 1">(used) * used; // (K, K)
    let orthogonality =
        sum(square(both_used * (matmul(unit, transpose_last(unit)) - eye<f32, K>()))) /
        maximum(square(sum(used)), 1);
    let losses = 0.75 * rows.mean_of(square(q - stop_gradient(z))) / D +
                 0.5 * rows.mean_of(square(z - stop_gradient(q))) / D;
    return {counted_codes(codes, given.mask), rows.of_row * q,
            rows.of_row * with_all_codes(codes, softmax<1>(-distance), e),
            losses + 0.5 * of_rows - 0.25 * of_batch + orthogonality};
  }
};

struct MaskedRotation {
  template <int N, int D, int K>
  static Outcome<N, D> by_vq(const Tensor<f32, N, D> &z, const Tensor<f32, K, D> &e,
                             const Given<N> &given) {
    auto q = vq(z, e, estimator = rotation_trick, mask = given.mask, metric = dot);
    return {q.codes, q.quantized, q.output, both_losses(q)};
  }
  template <int N, int D, int K>
  static Outcome<N, D> by_formula(const Tensor<f32, N, D> &z, const Tensor<f32, K, D> &e,
                                  const Given<N> &given) {
    const Weights<N> rows(given.mask);
    let codes = argmax<1>(matmul(z, transpose_last(e)));
    let q = matmul(choices(codes, e), e);
    let u = stop_gradient(unit_rows(z));
    let v = stop_gradient(unit_rows(q));
    let r = unit_rows(u + v);
    let scale =
        sqrt(sum<1, keep>(square(stop_gradient(q))) / sum<1, keep>(square(stop_gradient(z))));
    const auto along = [](const auto &a, const auto &b) { return sum<1, keep>(a * b); };
    let turned = scale * (z - 2 * r * along(r, z) + 2 * v * along(u, z));
    let losses = 0.75 * rows.mean_of(square(q - stop_gradient(z))) / D +
                 0.5 * rows.mean_of(square(z - stop_gradient(q))) / D;
    return {counted_codes(codes, given.mask), rows.of_row * q, rows.of_row * turned, losses};
  }
};

struct MaskedGumbel {
  template <int N, int D, int K>
  static Outcome<N, D> by_vq(const Tensor<f32, N, D> &z, const Tensor<f32, K, D> &e,
                             const Given<N> &given) {
    auto q =
        vq(z, e, estimator = gumbel_softmax, mask = given.mask, temperature = 1, key = given.key);
    return {q.codes, q.quantized, q.output, both_losses(q)};
  }
  template <int N, int D, int K>
  static Outcome<N, D> by_formula(const Tensor<f32, N, D> &z, const Tensor<f32, K, D> &e,
                                  const Given<N> &given) {
    const Weights<N> rows(given.mask);
    let scores = -squared_distances(z, e);
    let y = softmax<1>(scores + gumbel_noise(given.key, scores));
    // A row that does not count is 0, but it has a code, which is overwritten.
    let codes = argmax<1>(y);
    let q = matmul(choices(codes, e), e);
    let losses = 0.75 * rows.mean_of(square(q - stop_gradient(z))) / D +
                 0.5 * rows.mean_of(square(z - stop_gradient(q))) / D;
    return {counted_codes(codes, given.mask), rows.of_row * q, rows.of_row * matmul(y, e), losses};
  }
};

/// A masked form whose other rows are NaN, of which its formula must not know.
template <class Masked> struct NotANumber {
  template <int N, int D, int K>
  static Outcome<N, D> by_vq(const Tensor<f32, N, D> &z, const Tensor<f32, K, D> &e,
                             const Given<N> &given) {
    let broken = select(rearrange<"n -> n 1">(given.mask), z, log(full_like<f32>(z, -1)));
    return Masked::template by_vq<N, D, K>(broken, e, given);
  }
  template <int N, int D, int K>
  static Outcome<N, D> by_formula(const Tensor<f32, N, D> &z, const Tensor<f32, K, D> &e,
                                  const Given<N> &given) {
    return Masked::template by_formula<N, D, K>(z, e, given);
  }
};

// ---- derivatives -----------------------------------------------------------------------------

template <int N, int D, int K> struct Parameters {
  Tensor<f32, N, D> z;
  Tensor<f32, K, D> e;
};

/// Numbers that make the derivatives see every element.
template <int N, int D, int K> struct Probes {
  Tensor<f32, N, D> of_output, of_z;
  Tensor<f32, K, D> of_e;
};

template <int N, int D, int K> struct Report {
  Outcome<N, D> value;
  Tensor<f32> loss;
  Parameters<N, D, K> first;
  Tensor<f32> loss_of_first;
  Parameters<N, D, K> second;
};

/// A form, the gradient of a loss that squares its output and couples it with z, and the gradient
/// of a loss that squares this gradient.
template <class Form, int N, int D, int K>
Report<N, D, K> report(const Form &form, const Parameters<N, D, K> &x, const Given<N> &given,
                       const Probes<N, D, K> &probes) {
  const auto loss = [=](const Parameters<N, D, K> &x) {
    const Outcome<N, D> outcome = form(x.z, x.e, given);
    let loss = sum(probes.of_output * square(outcome.output) * (1 + x.z)) + outcome.loss;
    return loss;
  };
  const auto loss_of_first = [=](const Parameters<N, D, K> &x) {
    auto [value, first] = value_and_grad(loss)(x);
    let loss = sum(probes.of_z * square(first.z)) + sum(probes.of_e * square(first.e));
    return loss;
  };
  auto [value, first] = value_and_grad(loss)(x);
  auto [value_of_first, second] = value_and_grad(loss_of_first)(x);
  return {form(x.z, x.e, given), value, first, value_of_first, second};
}

/// Rows and codes so near to each other that no code has all the weight; temperatures above 0.
template <int N, int D, int K> struct Prepared {
  Parameters<N, D, K> x;
  Given<N> given;

  Prepared(const Parameters<N, D, K> &x, const Given<N> &given)
      : x{0.25 * x.z, 0.25 * x.e}, given{given.key, given.mask, exp(given.temperature)} {}
};

template <class Form, int N, int D, int K>
Report<N, D, K> by_vq(const Parameters<N, D, K> &x, const Given<N> &given,
                      const Probes<N, D, K> &probes) {
  const Prepared<N, D, K> prepared(x, given);
  return report([](const auto &z, const auto &e,
                   const auto &given) { return Form::template by_vq<N, D, K>(z, e, given); },
                prepared.x, prepared.given, probes);
}
template <class Form, int N, int D, int K>
Report<N, D, K> by_formula(const Parameters<N, D, K> &x, const Given<N> &given,
                           const Probes<N, D, K> &probes) {
  const Prepared<N, D, K> prepared(x, given);
  return report([](const auto &z, const auto &e,
                   const auto &given) { return Form::template by_formula<N, D, K>(z, e, given); },
                prepared.x, prepared.given, probes);
}

// ---- layouts: in f64, by vq along an axis, and by rows ---------------------------------------

/// Where the features of z are, and how to make rows of it and back.
struct ChannelsFirst {
  static constexpr int axis = 1;
  using Z = Tensor<f64, 2, 6, 3, 5>;
  using Codes = Tensor<i64, 2, 3, 5>;
  using Mask = Tensor<i1, 2, 3, 5>;
  using Nearest = Tensor<i64, 2, 3, 5, 4>;
  static auto rows(const auto &z) { return rearrange<"b d h w -> (b h w) d">(z); }
  static auto each_row(const auto &mask) { return rearrange<"b h w -> (b h w)">(mask); }
  static auto codes(const auto &codes) { return rearrange<"(b h=3 w=5) -> b h w">(codes); }
  static auto back(const auto &rows) { return rearrange<"(b h=3 w=5) d -> b d h w">(rows); }
  static auto nearest(const auto &codes) { return rearrange<"(b h=3 w=5) k -> b h w k">(codes); }
};
struct FeaturesFirst {
  static constexpr int axis = 0;
  using Z = Tensor<f64, 6, 11>;
  using Codes = Tensor<i64, 11>;
  using Mask = Tensor<i1, 11>;
  using Nearest = Tensor<i64, 11, 4>;
  static auto rows(const auto &z) { return rearrange<"d n -> n d">(z); }
  static auto each_row(const auto &mask) { return mask; }
  static auto codes(const auto &codes) { return codes; }
  static auto back(const auto &rows) { return rearrange<"n d -> d n">(rows); }
  static auto nearest(const auto &codes) { return codes; }
};
struct Sequences {
  static constexpr int axis = -1;
  using Z = Tensor<f64, 3, 5, 6>;
  using Codes = Tensor<i64, 3, 5>;
  using Mask = Tensor<i1, 3, 5>;
  using Nearest = Tensor<i64, 3, 5, 4>;
  static auto rows(const auto &z) { return rearrange<"b t d -> (b t) d">(z); }
  static auto each_row(const auto &mask) { return rearrange<"b t -> (b t)">(mask); }
  static auto codes(const auto &codes) { return rearrange<"(b t=5) -> b t">(codes); }
  static auto back(const auto &rows) { return rearrange<"(b t=5) d -> b t d">(rows); }
  static auto nearest(const auto &codes) { return rearrange<"(b t=5) k -> b t k">(codes); }
};
struct OneVector {
  static constexpr int axis = 0;
  using Z = Tensor<f64, 6>;
  using Codes = Tensor<i64>;
  using Mask = Tensor<i1>;
  using Nearest = Tensor<i64, 4>;
  static auto rows(const auto &z) { return rearrange<"d -> 1 d">(z); }
  static auto each_row(const auto &mask) { return reshape<1>(mask); }
  static auto codes(const auto &codes) { return reshape<>(codes); }
  static auto back(const auto &rows) { return reshape<6>(rows); }
  static auto nearest(const auto &codes) { return reshape<4>(codes); }
};

template <class Layout> struct Laid {
  typename Layout::Z z;
  Tensor<f64, 7, 6> e;
};
template <class Layout> struct LaidOut {
  typename Layout::Codes codes;
  typename Layout::Z quantized, output, decoded;
  typename Layout::Nearest nearest;
  Tensor<f64> loss;
  Laid<Layout> first;
};

/// `form(z, e)` gives a Quantization in the layout; codes are looked up as `decoded`.
template <class Layout>
LaidOut<Layout> laid_out(const Laid<Layout> &x, const typename Layout::Z &probe, const auto &form,
                         const auto &nearest, const auto &decoded) {
  auto loss = [&](const Laid<Layout> &x) {
    auto q = form(x.z, x.e);
    let loss = sum(probe * square(q.output) * (1 + x.z)) + q.losses.codebook +
               0.5 * q.losses.commitment + 0.25 * q.losses.entropy + q.losses.orthogonality;
    return loss;
  };
  auto [value, first] = value_and_grad(loss)(x);
  auto q = form(x.z, x.e);
  return {q.codes, q.quantized, q.output, decoded(x.e, q.codes), nearest(x.z, x.e), value, first};
}

/// Every option at once.
template <class Layout>
LaidOut<Layout> along_axis(const Laid<Layout> &x, const typename Layout::Z &probe,
                           const typename Layout::Mask &mask) {
  return laid_out(
      x, probe,
      [&](const auto &z, const auto &e) {
        return vq<Layout::axis>(z, e, metric = cosine, kerf::mask = mask,
                                estimator = index_backpropagation, temperature = 0.5, entropy = 1,
                                orthogonality = used_codes);
      },
      [](const auto &z, const auto &e) { return nearest_codes<4, Layout::axis>(z, e); },
      [](const auto &e, const auto &codes) {
        return decode<Layout::axis>(e, codes, metric = cosine);
      });
}
template <class Layout>
LaidOut<Layout> by_rows(const Laid<Layout> &x, const typename Layout::Z &probe,
                        const typename Layout::Mask &mask) {
  using Z = typename Layout::Z;
  return laid_out(
      x, probe,
      [&](const auto &z, const auto &e) {
        const auto q = vq(Layout::rows(z), e, metric = cosine, kerf::mask = Layout::each_row(mask),
                          estimator = index_backpropagation, temperature = 0.5, entropy = 1,
                          orthogonality = used_codes);
        return Quantization<f64, Z::shape, Layout::Codes::shape, decltype(q.losses)>{
            Layout::codes(q.codes), Layout::back(q.quantized), Layout::back(q.output), q.losses};
      },
      [](const auto &z, const auto &e) {
        let scores = -squared_distances(Layout::rows(z), e);
        return Layout::nearest(top_k<4>(scores));
      },
      [](const auto &e, const auto &codes) {
        const Tensor<i64, Z::shape.numel().value / 6> of_row =
            reshape<Z::shape.numel().value / 6>(codes);
        return Layout::back(gather(unit_rows(e), of_row));
      });
}

// ---- what is its own derivative: for differences ---------------------------------------------

struct Smooth {
  Tensor<f32, 5, 3> mixture;
  Tensor<f32> entropy, diversity, orthogonality;
};
Smooth smooth(const Tensor<f32, 5, 3> &z, const Tensor<f32, 7, 3> &e, const Key &key,
              const Tensor<i1, 5> &mask) {
  auto q = vq(z, e, estimator = gumbel_softmax, temperature = 1.5, kerf::key = key,
              kerf::mask = mask, entropy = 2, orthogonality = all_codes);
  return {q.output, q.losses.entropy, q.losses.diversity, q.losses.orthogonality};
}

/// How often each code is drawn for one row, and how often it should be.
struct Draws {
  Tensor<f32, 7> drawn, expected;
};
Draws draws(const Tensor<f32, 3> &z, const Tensor<f32, 7, 3> &e, const Key &key) {
  constexpr int count = 4000;
  let rows = broadcast_to<count, 3>(z);
  auto q = vq(rows, e, selection = sampled, temperature = 2, kerf::key = key);
  let scores = -squared_distances(rearrange<"d -> 1 d">(z), e); // (1, 7)
  return {scatter_add<7>(full_like<f32>(q.codes, 1), q.codes),
          reshape<7>(count * softmax<1>(scores / 2))};
}

// A block has one shape in all entries, so each size has blocks of its own.
constexpr auto inputs = roles("x", "given", "probes");
constexpr auto few_rows = roles("few_x", "few_given", "few_probes");
constexpr auto one_row = roles("row_x", "row_given", "row_probes");
constexpr auto one_code = roles("code_x", "code_given", "code_probes");
constexpr auto one_feature = roles("feature_x", "feature_given", "feature_probes");
const auto registered = model<"vq_forms">(
    entry<"straight_through">(by_vq<StraightThrough, 37, 24, 50>, inputs),
    entry<"straight_through_by_formula">(by_formula<StraightThrough, 37, 24, 50>, inputs),
    entry<"dot_product">(by_vq<DotProduct, 37, 24, 50>, inputs),
    entry<"dot_product_by_formula">(by_formula<DotProduct, 37, 24, 50>, inputs),
    entry<"cosine_similarity">(by_vq<CosineSimilarity, 37, 24, 50>, inputs),
    entry<"cosine_similarity_by_formula">(by_formula<CosineSimilarity, 37, 24, 50>, inputs),
    entry<"rotation">(by_vq<Rotation, 37, 24, 50>, inputs),
    entry<"rotation_by_formula">(by_formula<Rotation, 37, 24, 50>, inputs),
    entry<"gumbel">(by_vq<Gumbel, 37, 24, 50>, inputs),
    entry<"gumbel_by_formula">(by_formula<Gumbel, 37, 24, 50>, inputs),
    entry<"gumbel_straight_through">(by_vq<GumbelStraightThrough, 37, 24, 50>, inputs),
    entry<"gumbel_straight_through_by_formula">(by_formula<GumbelStraightThrough, 37, 24, 50>,
                                                inputs),
    entry<"index_backpropagation">(by_vq<AllCodesLearn, 37, 24, 50>, inputs),
    entry<"index_backpropagation_by_formula">(by_formula<AllCodesLearn, 37, 24, 50>, inputs),
    entry<"sampled_codes">(by_vq<SampledCodes, 37, 24, 50>, inputs),
    entry<"sampled_codes_by_formula">(by_formula<SampledCodes, 37, 24, 50>, inputs),
    entry<"sampled_index_backpropagation">(by_vq<SampledAllCodesLearn, 37, 24, 50>, inputs),
    entry<"sampled_index_backpropagation_by_formula">(by_formula<SampledAllCodesLearn, 37, 24, 50>,
                                                      inputs),
    entry<"masked_index_backpropagation">(by_vq<MaskedAllCodesLearn, 37, 24, 50>, inputs),
    entry<"masked_index_backpropagation_by_formula">(by_formula<MaskedAllCodesLearn, 37, 24, 50>,
                                                     inputs),
    entry<"masked_rotation">(by_vq<MaskedRotation, 37, 24, 50>, inputs),
    entry<"masked_rotation_by_formula">(by_formula<MaskedRotation, 37, 24, 50>, inputs),
    entry<"masked_gumbel">(by_vq<MaskedGumbel, 37, 24, 50>, inputs),
    entry<"masked_gumbel_by_formula">(by_formula<MaskedGumbel, 37, 24, 50>, inputs),
    entry<"nan_masked_index_backpropagation">(by_vq<NotANumber<MaskedAllCodesLearn>, 5, 3, 4>,
                                              few_rows),
    entry<"nan_masked_index_backpropagation_by_formula">(
        by_formula<NotANumber<MaskedAllCodesLearn>, 5, 3, 4>, few_rows),
    entry<"nan_masked_rotation">(by_vq<NotANumber<MaskedRotation>, 5, 3, 4>, few_rows),
    entry<"nan_masked_rotation_by_formula">(by_formula<NotANumber<MaskedRotation>, 5, 3, 4>,
                                            few_rows),
    entry<"nan_masked_gumbel">(by_vq<NotANumber<MaskedGumbel>, 5, 3, 4>, few_rows),
    entry<"nan_masked_gumbel_by_formula">(by_formula<NotANumber<MaskedGumbel>, 5, 3, 4>, few_rows),
    entry<"one_row_straight_through">(by_vq<StraightThrough, 1, 24, 7>, one_row),
    entry<"one_row_straight_through_by_formula">(by_formula<StraightThrough, 1, 24, 7>, one_row),
    entry<"one_code_straight_through">(by_vq<StraightThrough, 5, 3, 1>, one_code),
    entry<"one_code_straight_through_by_formula">(by_formula<StraightThrough, 5, 3, 1>, one_code),
    entry<"one_feature_straight_through">(by_vq<StraightThrough, 5, 1, 7>, one_feature),
    entry<"one_feature_straight_through_by_formula">(by_formula<StraightThrough, 5, 1, 7>,
                                                     one_feature),
    entry<"one_row_dot_product">(by_vq<DotProduct, 1, 24, 7>, one_row),
    entry<"one_row_dot_product_by_formula">(by_formula<DotProduct, 1, 24, 7>, one_row),
    entry<"one_code_dot_product">(by_vq<DotProduct, 5, 3, 1>, one_code),
    entry<"one_code_dot_product_by_formula">(by_formula<DotProduct, 5, 3, 1>, one_code),
    entry<"one_feature_dot_product">(by_vq<DotProduct, 5, 1, 7>, one_feature),
    entry<"one_feature_dot_product_by_formula">(by_formula<DotProduct, 5, 1, 7>, one_feature),
    entry<"one_code_rotation">(by_vq<Rotation, 5, 3, 1>, one_code),
    entry<"one_code_rotation_by_formula">(by_formula<Rotation, 5, 3, 1>, one_code),
    entry<"one_row_gumbel">(by_vq<Gumbel, 1, 24, 7>, one_row),
    entry<"one_row_gumbel_by_formula">(by_formula<Gumbel, 1, 24, 7>, one_row),
    entry<"one_code_gumbel">(by_vq<Gumbel, 5, 3, 1>, one_code),
    entry<"one_code_gumbel_by_formula">(by_formula<Gumbel, 5, 3, 1>, one_code),
    entry<"one_feature_gumbel">(by_vq<Gumbel, 5, 1, 7>, one_feature),
    entry<"one_feature_gumbel_by_formula">(by_formula<Gumbel, 5, 1, 7>, one_feature),
    entry<"one_row_index_backpropagation">(by_vq<AllCodesLearn, 1, 24, 7>, one_row),
    entry<"one_row_index_backpropagation_by_formula">(by_formula<AllCodesLearn, 1, 24, 7>, one_row),
    entry<"one_code_index_backpropagation">(by_vq<AllCodesLearn, 5, 3, 1>, one_code),
    entry<"one_code_index_backpropagation_by_formula">(by_formula<AllCodesLearn, 5, 3, 1>,
                                                       one_code),
    entry<"one_feature_index_backpropagation">(by_vq<AllCodesLearn, 5, 1, 7>, one_feature),
    entry<"one_feature_index_backpropagation_by_formula">(by_formula<AllCodesLearn, 5, 1, 7>,
                                                          one_feature),
    entry<"one_row_masked_index_backpropagation">(by_vq<MaskedAllCodesLearn, 1, 24, 7>, one_row),
    entry<"one_row_masked_index_backpropagation_by_formula">(
        by_formula<MaskedAllCodesLearn, 1, 24, 7>, one_row),
    entry<"one_code_masked_index_backpropagation">(by_vq<MaskedAllCodesLearn, 5, 3, 1>, one_code),
    entry<"one_code_masked_index_backpropagation_by_formula">(
        by_formula<MaskedAllCodesLearn, 5, 3, 1>, one_code),
    entry<"one_feature_masked_index_backpropagation">(by_vq<MaskedAllCodesLearn, 5, 1, 7>,
                                                      one_feature),
    entry<"one_feature_masked_index_backpropagation_by_formula">(
        by_formula<MaskedAllCodesLearn, 5, 1, 7>, one_feature),
    entry<"channels_first">(along_axis<ChannelsFirst>, roles("image", "probe", "mask")),
    entry<"channels_first_by_formula">(by_rows<ChannelsFirst>, roles("image", "probe", "mask")),
    entry<"features_first">(along_axis<FeaturesFirst>, roles("matrix", "probe", "mask")),
    entry<"features_first_by_formula">(by_rows<FeaturesFirst>, roles("matrix", "probe", "mask")),
    entry<"sequences">(along_axis<Sequences>, roles("sequences", "probe", "mask")),
    entry<"sequences_by_formula">(by_rows<Sequences>, roles("sequences", "probe", "mask")),
    entry<"one_vector">(along_axis<OneVector>, roles("vector", "probe", "mask")),
    entry<"one_vector_by_formula">(by_rows<OneVector>, roles("vector", "probe", "mask")),
    entry<"smooth">(smooth, roles("z", "e", "key", "mask")),
    entry<"draws">(draws, roles("z", "e", "key")));

} // namespace
} // namespace kerf::models
