// Everything that weighs all codes, or ranks them, for rows and codes anywhere.
#include <kerf/kerf.h>

namespace kerf::cases {
namespace {

inline constexpr int rows = 96, codes = 130, features = 8;
using Rows = Tensor<f32, rows, features>;
using Book = Tensor<f32, codes, features>;

struct Pair {
  Rows z;
  Book e;
};
struct Weighed {
  Tensor<f32> loss;
  Tensor<i64, rows> chosen;
  Rows by_z;
  Book by_e;
};

/// The loss of a quantization, which moving rows and codes together does not change, and its
/// slopes.
Weighed weighed(const Rows &z, const Book &e, const auto &quantize) {
  struct Loss {
    Tensor<f32> loss;
    Tensor<i64, rows> chosen;
  };
  const auto of = [&](const Pair &x) -> Loss {
    auto q = quantize(x.z, x.e);
    let loss = mse(q.output, stop_gradient(x.z)) + q.losses.entropy + q.losses.diversity;
    return {loss, q.codes};
  };
  auto [losses, slopes] = value_and_grad(of)(Pair{z, e});
  return {losses.loss, losses.chosen, slopes.z, slopes.e};
}

Weighed entropies(const Rows &z, const Book &e) {
  return weighed(z, e, [](const auto &z, const auto &e) { return vq(z, e, entropy = 0.5); });
}
Weighed gumbel(const Rows &z, const Book &e, const Key &noise) {
  return weighed(z, e, [&](const auto &z, const auto &e) {
    return vq(z, e, estimator = gumbel_softmax, temperature = 0.7, key = noise, entropy = 1);
  });
}
Weighed chosen_by_gumbel(const Rows &z, const Book &e, const Key &noise) {
  return weighed(z, e, [&](const auto &z, const auto &e) {
    return vq(z, e, estimator = straight_through_gumbel_softmax, temperature = 0.7, key = noise,
              entropy = 1);
  });
}
Weighed index(const Rows &z, const Book &e) {
  return weighed(z, e, [](const auto &z, const auto &e) {
    return vq(z, e, estimator = index_backpropagation, entropy = 1);
  });
}
Weighed sampled_codes(const Rows &z, const Book &e, const Key &noise) {
  return weighed(z, e, [&](const auto &z, const auto &e) {
    return vq(z, e, selection = sampled, temperature = 0.7, key = noise, entropy = 1);
  });
}
Tensor<i64, rows, 5> ranked(const Rows &z, const Book &e) { return nearest_codes<5>(z, e); }

const auto registered = model<"soft">(
    entry<"entropies">(entropies, roles("z", "e")), entry<"gumbel">(gumbel, roles("z", "e", "key")),
    entry<"chosen_by_gumbel">(chosen_by_gumbel, roles("z", "e", "key")),
    entry<"index">(index, roles("z", "e")),
    entry<"sampled_codes">(sampled_codes, roles("z", "e", "key")),
    entry<"ranked">(ranked, roles("z", "e"), returns("codes")));

} // namespace
} // namespace kerf::cases
