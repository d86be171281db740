// The demo's model is fused, and near misses of it say what is in the way.
#define CATCH_CONFIG_MAIN
#include "fusion.h"

using kerf::test::Fusion;

TEST_CASE("vqvae: every search for codes is fused", "[fusion]") {
  for (const char *entry : {"train_step", "encode", "reconstruct"}) {
    INFO(entry);
    const Fusion fusion(KERF_MODEL, entry);
    EXPECT_FUSED(vq, 1);
  }
  for (const char *entry : {"warmup_step", "init_codebook", "decode"}) {
    INFO(entry);
    const Fusion fusion(KERF_MODEL, entry);
    EXPECT_FUSED(vq, 0);
  }
}

TEST_CASE("variants of the vqvae: one search, or one per level, and those of k-means", "[fusion]") {
  const auto check = [](const char *file, const char *entry, int searches) {
    INFO(file << " " << entry);
    const Fusion fusion(file, entry);
    EXPECT_FUSED(vq, searches);
  };
  for (const char *entry : {"train_step", "encode", "reconstruct"}) {
    check(KERF_EMA, entry, 1);
    check(KERF_RESIDUAL, entry, 4);
  }
  check(KERF_EMA, "init_codebook", 2);      // each iteration, and how many rows each center has
  check(KERF_RESIDUAL, "init_codebook", 7); // four levels' iterations, and what three leave
}

TEST_CASE("ids: every level's search is fused, one codebook searched twice too", "[fusion]") {
  for (const char *entry : {"init_codebooks", "train_step", "encode", "scores"}) {
    INFO(entry);
    const Fusion fusion(KERF_IDS, entry);
    EXPECT_FUSED(vq, 6);
  }
}

TEST_CASE("searches for the nearest code, however written, are fused", "[fusion]") {
  for (const char *entry :
       {"lengths_less_products", "full_distance", "cdist", "differences", "mean_of_differences",
        "folded_into_codes", "least_energy", "most_similar", "heads", "heads_of_rows",
        "levels_in_a_loop", "noisy", "drawn_from_logits", "drawn_at_a_temperature"}) {
    INFO(entry);
    const Fusion fusion(KERF_SEARCHES, entry);
    EXPECT_FUSED(vq, 1);
  }
}

TEST_CASE("near misses say what is in the way, and where", "[fusion]") {
  const std::pair<const char *, const char *> misses[] = {
      {"second_user", "the scores have a second user, so they must exist"},
      {"stale_lengths", "|e|^2 is taken of another tensor than the codebook of the contraction"},
      {"lost_square", "a term that varies with the code is not |e|^2"},
      {"lost_root", "a term that varies with the code is not |e|^2"},
      {"usage_penalty", "a term that varies with the code is not |e|^2"},
      {"farthest", "it takes the farthest code"},
      {"clamped_scores", "the root or clamp is of scores without |z|^2, which may be negative"},
      {"floor_above_zero", "distances below 0.125000 are made equal"},
      {"noise_by_codes", "the noise is drawn in another order than rows, then codes"},
      {"tempered", "between the contraction and the argmin stands kerf.mul"},
      {"city_block", "between the contraction and the argmin stands kerf.sum"},
      {"weighted_features", "between the contraction and the argmin stands kerf.sum"},
      {"two_views", "the scores add two contractions"},
      {"a_codebook_for_each", "the codebook has another axis beside codes and features"},
      {"lengths_of_all_heads", "|e|^2 is not told apart by the heads of the contraction"},
  };
  for (auto [entry, reason] : misses) {
    INFO(entry);
    const Fusion fusion(KERF_SEARCHES, entry);
    CHECK(fusion.fused("vq") == 0);
    EXPECT_MISSED(vq, std::string(": vq: ") + reason);
    EXPECT_MISSED(vq, "searches.cpp:");
  }
}
