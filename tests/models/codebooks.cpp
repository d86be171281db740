// Upkeep of codebooks at awkward sizes: what tests/models/codebook_laws.cpp calls, and what the
// oracle is compared with.
#include <kerf/kerf.h>

namespace kerf::models {
namespace {

constexpr int codes = 7, features = 5, rows = 13;
using Rows = Tensor<f32, rows, features>;
using Chosen = Tensor<i64, rows>;
struct Codebook {
  Tensor<f32, codes, features> embed;
};
using State = CodebookState<codes, features>;

void start(Codebook &codebook, State &state, const Tensor<f32, codes, features> &embed) {
  codebook.embed = embed;
  state = ema_state(codebook.embed);
}

void follow(Codebook &codebook, State &state, const Rows &z, const Chosen &chosen) {
  ema_update(codebook.embed, state, z, chosen);
}

/// A batch of pictures of rows, some of them padding.
void follow_masked(Codebook &codebook, State &state, const Tensor<f32, 3, 2, features> &z,
                   const Tensor<i64, 3, 2> &chosen, const Tensor<i1, 3, 2> &real) {
  ema_update(codebook.embed, state, z, chosen, mask = real, decay = 0.75, epsilon = 1e-3);
}

void revive_codes(Codebook &codebook, State &state, const Rows &z, const Key &key) {
  revive(codebook.embed, state, z, key, threshold = 0.5);
}
void revive_from_few(Codebook &codebook, State &state, const Tensor<f32, 3, features> &z,
                     const Key &key) {
  revive(codebook.embed, state, z, key);
}

void revive_masked(Codebook &codebook, State &state, const Tensor<f32, 3, 2, features> &z,
                   const Tensor<i1, 3, 2> &real, const Key &key) {
  revive(codebook.embed, state, z, key, mask = real);
}

/// Directions in another layout: one step of everything, on the unit circle.
struct Circle {
  Tensor<f32, 3, 2> embed;
};
void follow_directions(Circle &circle, CodebookState<3, 2> &averages, const Tensor<f32, 5, 2, 4> &z,
                       const Tensor<i64, 5, 4> &chosen) {
  ema_update<1>(circle.embed, averages, z, chosen, metric = cosine, decay = 0.5);
}
void revive_directions(Circle &circle, CodebookState<3, 2> &averages, const Tensor<f32, 5, 2, 4> &z,
                       const Key &key) {
  revive<1>(circle.embed, averages, z, key, metric = cosine, threshold = 2);
}

struct Use {
  Tensor<f32, codes> counts;
  Tensor<f32> perplexity, usage;
};
Use use(const Chosen &chosen) {
  return {code_counts<codes>(chosen), perplexity<codes>(chosen), usage<codes>(chosen)};
}

// ---- k-means -------------------------------------------------------------------------------

/// 41 rows in 7 clusters, after 0, 1, 2 … iterations.
using Points = Tensor<f32, 41, features>;
template <int iterations> Clusters<codes, features, f32> clusters(const Points &z, const Key &key) {
  return kmeans<codes, iterations>(z, key);
}
/// Some rows in another layout, on the unit sphere.
Clusters<3, 2, f32> directions(const Tensor<f32, 5, 2, 4> &z, const Key &key) {
  return kmeans<3, 5, 1>(z, key, metric = cosine);
}

const auto registered = model<"codebooks">(
    entry<"start">(start, roles("codebook", "state", "embed")),
    entry<"follow">(follow, roles("codebook", "state", "z", "chosen")),
    entry<"follow_masked">(follow_masked, roles("codebook", "state", "z", "chosen", "real")),
    entry<"revive_codes">(revive_codes, roles("codebook", "state", "z", "key")),
    entry<"revive_from_few">(revive_from_few, roles("codebook", "state", "z", "key")),
    entry<"revive_masked">(revive_masked, roles("codebook", "state", "z", "real", "key")),
    entry<"follow_directions">(follow_directions, roles("circle", "averages", "z", "chosen")),
    entry<"revive_directions">(revive_directions, roles("circle", "averages", "z", "key")),
    entry<"use">(use, roles("chosen")), entry<"clusters0">(clusters<0>, roles("points", "key")),
    entry<"clusters1">(clusters<1>, roles("points", "key")),
    entry<"clusters2">(clusters<2>, roles("points", "key")),
    entry<"clusters20">(clusters<20>, roles("points", "key")),
    entry<"directions">(directions, roles("points", "key")));

} // namespace
} // namespace kerf::models
