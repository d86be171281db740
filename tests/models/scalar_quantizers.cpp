// Quantizers to a grid at awkward sizes, and their derivatives beside the formulas that define
// them: what tests/models/scalar_quantizer_laws.cpp calls.
#include <kerf/kerf.h>

namespace kerf::models {
namespace {

// ---- values --------------------------------------------------------------------------------

struct Fsq {
  Tensor<i64, 5, 7> codes;
  Tensor<f32, 5, 7, 4> output, decoded;
};
Fsq fsq_mixed(const Tensor<f32, 5, 7, 4> &z) {
  const auto q = fsq<8, 5, 2, 3>(z);
  return {q.codes, q.output, fsq_decode<8, 5, 2, 3>(q.codes)};
}

/// All 240 codes.
struct Grid {
  Tensor<f32, 240, 4> output;
  Tensor<i64, 240> codes; // of what the output is the image of
};
Grid fsq_grid(const Tensor<i64, 240> &codes, const Tensor<f32, 240, 4> &z) {
  return {fsq_decode<8, 5, 2, 3>(codes), fsq<8, 5, 2, 3>(z).codes};
}

struct Lfq {
  Tensor<i64, 3, 11> codes;
  Tensor<f32, 3, 11, 5> output, decoded, again;
  Tensor<f32> commitment, entropy, diversity;
};
Lfq lfq_odd(const Tensor<f32, 3, 11, 5> &z) {
  const auto q = lfq(z, entropy = 0.5);
  return {q.codes,
          q.output,
          lfq_decode<5>(q.codes),
          lfq(q.output).output,
          q.losses.commitment,
          q.losses.entropy,
          q.losses.diversity};
}

/// Rows that count among others, and alone.
struct Masked {
  Tensor<i64, 3, 4> codes;
  Tensor<f32, 3, 4, 5> output;
  Tensor<f32> commitment, entropy, diversity, its_commitment, its_entropy, its_diversity;
};
Masked lfq_masked(const Tensor<f32, 3, 4, 5> &z, const Tensor<i1, 3, 4> &real,
                  const Tensor<f32, 7, 5> &alone) {
  const auto q = lfq(z, entropy = 0.5, mask = real);
  const auto its = lfq(alone, entropy = 0.5);
  return {q.codes,
          q.output,
          q.losses.commitment,
          q.losses.entropy,
          q.losses.diversity,
          its.losses.commitment,
          its.losses.entropy,
          its.losses.diversity};
}

/// As many bits as there can be.
struct Wide {
  Tensor<i64, 3> codes;
  Tensor<f32, 3, 52> decoded;
};
Wide lfq_wide(const Tensor<f32, 3, 52> &z) {
  const auto q = lfq(z);
  return {q.codes, lfq_decode<52>(q.codes)};
}

/// So many that bits are taken as independent, and one fewer.
struct Bounded {
  Tensor<f32> exact, bound;
};
Bounded lfq_bound(const Tensor<f32, 9, 20> &z, const Tensor<f32, 9, 21> &wider) {
  return {lfq(z, entropy = 1.0).losses.diversity, lfq(wider, entropy = 1.0).losses.diversity};
}

// ---- derivatives ---------------------------------------------------------------------------

struct Input {
  Tensor<f64, 6, 5> z;
};
struct Derivatives {
  Tensor<f64> value;
  Tensor<f64, 6, 5> first, second;
};

/// A loss, its gradient, and the gradient of the gradient's product with `direction`.
Derivatives derivatives(auto loss, const Input &input, const Tensor<f64, 6, 5> &direction) {
  auto along = [&](const Input &input) {
    auto [value, gradient] = value_and_grad(loss)(input);
    let product = sum(gradient.z * direction);
    return product;
  };
  auto [value, first] = value_and_grad(loss)(input);
  auto [product, second] = value_and_grad(along)(input);
  return {value, first.z, second.z};
}

Derivatives fsq_derivatives(const Input &input, const Tensor<f64, 6, 5> &weight,
                            const Tensor<f64, 6, 5> &direction) {
  auto loss = [&](const Input &input) {
    let y = fsq<4, 3, 7, 2, 6>(input.z).output;
    let loss = sum(weight * square(y));
    return loss;
  };
  return derivatives(loss, input, direction);
}
/// The same where rounding is the addition of a constant.
Derivatives fsq_formula(const Input &input, const Tensor<f64, 6, 5> &weight,
                        const Tensor<f64, 6, 5> &direction, const Tensor<f64, 5> &half,
                        const Tensor<f64, 5> &offset, const Tensor<f64, 5> &shift,
                        const Tensor<f64, 5> &width) {
  auto loss = [&](const Input &input) {
    let b = tanh(input.z + shift) * half - offset;
    let y = (b + (stop_gradient(floor(b + 0.5)) - stop_gradient(b))) / width;
    let loss = sum(weight * square(y));
    return loss;
  };
  return derivatives(loss, input, direction);
}

Derivatives lfq_derivatives(const Input &input, const Tensor<f64, 6, 5> &weight,
                            const Tensor<f64, 6, 5> &direction) {
  auto loss = [&](const Input &input) {
    const auto q = lfq(input.z, entropy = 0.7);
    let loss = sum(weight * square(q.output)) + 2 * q.losses.commitment + 3 * q.losses.entropy +
               5 * q.losses.diversity;
    return loss;
  };
  return derivatives(loss, input, direction);
}
/// The same by a softmax over all 32 codes, and the sign as the addition of a constant.
Derivatives lfq_formula(const Input &input, const Tensor<f64, 6, 5> &weight,
                        const Tensor<f64, 6, 5> &direction, const Tensor<f64, 32, 5> &codes) {
  auto loss = [&](const Input &input) {
    let z = input.z;
    let sign = select(z > 0, full_like<f64>(z, 1), -1);
    let y = z + (sign - stop_gradient(z));
    let p = softmax<1>(-sum<2>(square(reshape<6, 1, 5>(z) - codes)) / 0.7); // (6, 32)
    let usage = mean<0>(p);
    let loss = sum(weight * square(y)) + 2 * mse(z, sign) - 3 * mean(sum<1>(p * log(p))) +
               5 * sum(usage * log(usage));
    return loss;
  };
  return derivatives(loss, input, direction);
}

const auto registered = model<"scalar_quantizers">(
    entry<"fsq_mixed">(fsq_mixed, roles("z")), entry<"fsq_grid">(fsq_grid, roles("grid", "z")),
    entry<"lfq_odd">(lfq_odd, roles("z")),
    entry<"lfq_masked">(lfq_masked, roles("z", "real", "alone")),
    entry<"lfq_wide">(lfq_wide, roles("z")), entry<"lfq_bound">(lfq_bound, roles("z", "wider")),
    entry<"fsq_derivatives">(fsq_derivatives, roles("input", "weight", "direction")),
    entry<"fsq_formula">(fsq_formula,
                         roles("input", "weight", "direction", "half", "offset", "shift", "width")),
    entry<"lfq_derivatives">(lfq_derivatives, roles("input", "weight", "direction")),
    entry<"lfq_formula">(lfq_formula, roles("input", "weight", "direction", "all_codes")));

} // namespace
} // namespace kerf::models
