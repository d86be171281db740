// Searches for the nearest code as people write them, and searches that only look like one.
#include <kerf/kerf.h>

namespace kerf::models {
namespace {

using Rows = Tensor<f32, 37, 24>;
using Codes = Tensor<f32, 50, 24>;
using Found = Tensor<i64, 37>;

// ---- these are one -------------------------------------------------------------------------

Found lengths_less_products(const Rows &z, const Codes &e) {
  return argmin<1>(sum<1>(square(e)) - 2 * einsum<"n d, k d -> n k">(z, e));
}
Found full_distance(const Rows &z, const Codes &e) {
  return argmin<1>(sum<1, keep>(square(z)) + sum<1>(square(e)) - 2 * matmul(z, transpose_last(e)));
}
Found cdist(const Rows &z, const Codes &e) {
  let squared = sum<1, keep>(square(z)) - 2 * einsum<"n d, k d -> n k">(z, e) + sum<1>(square(e));
  return argmin<1>(sqrt(maximum(squared, 0)));
}
Found differences(const Rows &z, const Codes &e) {
  return argmin<1>(sum<2>(square(reshape<37, 1, 24>(z) - e)));
}
Found mean_of_differences(const Rows &z, const Codes &e) {
  return argmin<0>(mean<2>(square(reshape<50, 1, 24>(e) - z)));
}
Found folded_into_codes(const Rows &z, const Codes &e) {
  return argmin<0>(einsum<"k d, n d -> k n">(-2 * e, z) + sum<1, keep>(square(e)));
}
Found least_energy(const Rows &z, const Codes &e) { // an argmax of the log-likelihood
  return argmin<1>(-(-0.5 * (sum<1>(square(e)) - 2 * einsum<"n d, k d -> n k">(z, e))));
}
Found most_similar(const Rows &z, const Codes &e) {
  let unit = e / sqrt(sum<1, keep>(square(e)));
  return argmin<1>(1 - einsum<"n d, k d -> n k">(z, unit));
}

using HeadRows = Tensor<f32, 37, 2, 24>;
using HeadCodes = Tensor<f32, 2, 50, 24>;
Tensor<i64, 2, 37> heads(const Tensor<f32, 2, 37, 24> &z, const HeadCodes &e) {
  return argmin<2>(-einsum<"h n d, h k d -> h n k">(z, e));
}
Tensor<i64, 37, 2> heads_of_rows(const HeadRows &z, const HeadCodes &e) {
  return argmin<2>(sum<2>(square(e)) - 2 * einsum<"n h d, h k d -> n h k">(z, e));
}

Found noisy(const Rows &z, const Codes &e, const Key &key) {
  let distance = sum<1>(square(e)) - 2 * einsum<"n d, k d -> n k">(z, e);
  return argmin<1>(distance + log(-log(uniform<37, 50>(key))));
}
Found drawn_from_logits(const Rows &z, const Codes &e, const Key &key) {
  let logits = (2 * einsum<"n d, k d -> n k">(z, e) - sum<1>(square(e))) / 0.25;
  return argmax<1>(logits + gumbel_like(key, logits));
}
Found drawn_at_a_temperature(const Rows &z, const Codes &e, const Key &key, const Tensor<f32> &t) {
  let distance = sum<2>(square(reshape<37, 1, 24>(z) - e));
  return argmin<1>(distance - t * gumbel_like(key, distance));
}
/// What three levels of one codebook leave.
Rows levels_in_a_loop(const Rows &z, const Codes &e) {
  return repeat<3>(z, [&](const auto &rest) {
    let code = argmin<1>(sum<1>(square(e)) - 2 * einsum<"n d, k d -> n k">(rest, e));
    return rest - gather(e, code);
  });
}

// ---- these are not -------------------------------------------------------------------------

struct Both {
  Found codes;
  Tensor<f32, 37> confidence;
};
Both second_user(const Rows &z, const Codes &e) {
  let distance = sum<1>(square(e)) - 2 * einsum<"n d, k d -> n k">(z, e);
  return {argmin<1>(distance), max<1>(softmax<1>(-distance))};
}
Found stale_lengths(const Rows &z, const Codes &e, const Codes &before) {
  return argmin<1>(sum<1>(square(before)) - 2 * einsum<"n d, k d -> n k">(z, e));
}
Found lost_square(const Rows &z, const Codes &e) {
  return argmin<1>(sum<1>(e) - 2 * einsum<"n d, k d -> n k">(z, e));
}
Found lost_root(const Rows &z, const Codes &e) {
  return argmin<1>(sqrt(sum<1>(square(e))) - 2 * einsum<"n d, k d -> n k">(z, e));
}
Found usage_penalty(const Rows &z, const Codes &e, const Tensor<f32, 50> &usage) {
  return argmin<1>(sum<1>(square(e)) - 2 * einsum<"n d, k d -> n k">(z, e) + usage);
}
Found farthest(const Rows &z, const Codes &e) {
  return argmin<1>(-(sum<1>(square(e)) - 2 * einsum<"n d, k d -> n k">(z, e)));
}
Found clamped_scores(const Rows &z, const Codes &e) {
  return argmin<1>(maximum(sum<1>(square(e)) - 2 * einsum<"n d, k d -> n k">(z, e), 0));
}
Found floor_above_zero(const Rows &z, const Codes &e) {
  return argmin<1>(maximum(sum<2>(square(reshape<37, 1, 24>(z) - e)), 0.125));
}
Found noise_by_codes(const Rows &z, const Codes &e, const Key &key) {
  let distance = sum<1>(square(e)) - 2 * einsum<"n d, k d -> n k">(z, e);
  return argmin<1>(distance + rearrange<"k n -> n k">(log(-log(uniform<50, 37>(key)))));
}
Found tempered(const Rows &z, const Codes &e, const Tensor<f32> &temperature) {
  return argmin<1>((sum<1>(square(e)) - 2 * einsum<"n d, k d -> n k">(z, e)) * temperature);
}
Found city_block(const Rows &z, const Codes &e) {
  return argmin<1>(sum<2>(abs(reshape<37, 1, 24>(z) - e)));
}
Found weighted_features(const Rows &z, const Codes &e, const Tensor<f32, 24> &weight) {
  return argmin<1>(sum<2>(square(reshape<37, 1, 24>(z) - e) * weight));
}
Found two_views(const Rows &z, const Rows &other, const Codes &e) {
  return argmin<1>(-einsum<"n d, k d -> n k">(z, e) - einsum<"n d, k d -> n k">(other, e));
}
Tensor<i64, 37, 2> a_codebook_for_each(const Rows &z, const HeadCodes &e) {
  return argmin<2>(-einsum<"n d, h k d -> n h k">(z, e));
}
Tensor<i64, 2, 37> lengths_of_all_heads(const Tensor<f32, 2, 37, 24> &z, const HeadCodes &e) {
  return argmin<2>(sum<0, 2>(square(e)) - 2 * einsum<"h n d, h k d -> h n k">(z, e));
}

const auto registered = model<"searches">(
    entry<"lengths_less_products">(lengths_less_products, roles("z", "e")),
    entry<"full_distance">(full_distance, roles("z", "e")), entry<"cdist">(cdist, roles("z", "e")),
    entry<"differences">(differences, roles("z", "e")),
    entry<"mean_of_differences">(mean_of_differences, roles("z", "e")),
    entry<"folded_into_codes">(folded_into_codes, roles("z", "e")),
    entry<"least_energy">(least_energy, roles("z", "e")),
    entry<"most_similar">(most_similar, roles("z", "e")), entry<"heads">(heads, roles("z", "e")),
    entry<"heads_of_rows">(heads_of_rows, roles("z", "e")),
    entry<"noisy">(noisy, roles("z", "e", "key")),
    entry<"drawn_from_logits">(drawn_from_logits, roles("z", "e", "key")),
    entry<"drawn_at_a_temperature">(drawn_at_a_temperature, roles("z", "e", "key", "t")),
    entry<"levels_in_a_loop">(levels_in_a_loop, roles("z", "e")),
    entry<"second_user">(second_user, roles("z", "e")),
    entry<"stale_lengths">(stale_lengths, roles("z", "e", "before")),
    entry<"lost_square">(lost_square, roles("z", "e")),
    entry<"lost_root">(lost_root, roles("z", "e")),
    entry<"usage_penalty">(usage_penalty, roles("z", "e", "usage")),
    entry<"farthest">(farthest, roles("z", "e")),
    entry<"clamped_scores">(clamped_scores, roles("z", "e")),
    entry<"floor_above_zero">(floor_above_zero, roles("z", "e")),
    entry<"noise_by_codes">(noise_by_codes, roles("z", "e", "key")),
    entry<"tempered">(tempered, roles("z", "e", "temperature")),
    entry<"city_block">(city_block, roles("z", "e")),
    entry<"weighted_features">(weighted_features, roles("z", "e", "weight")),
    entry<"two_views">(two_views, roles("z", "other", "e")),
    entry<"a_codebook_for_each">(a_codebook_for_each, roles("z", "e")),
    entry<"lengths_of_all_heads">(lengths_of_all_heads, roles("z", "e")));

} // namespace
} // namespace kerf::models
