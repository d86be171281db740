// Losses over all pairs equal their formulas up to second derivatives, and large ones make no array
// of rows x columns.
#define CATCH_CONFIG_MAIN
#include "forms.h"
#include "fusion.h"

#include "loss_forms.h"

using kerf::test::Fusion;

TEST_CASE("every loss equals its formula, to the second derivative", "[losses]") {
  kerf::test::Forms forms(KERF_LOSS_FORMS);
  kerf::test::checkFormulas(forms, 8);
}

TEST_CASE("linear_cross_entropy and its gradients are streamed", "[losses]") {
  for (const char *entry : {"large_plain", "large_with_all"}) {
    INFO(entry);
    const Fusion fusion(KERF_LOSS_FORMS, entry);
    EXPECT_FUSED(rows, 1);
    CHECK_FALSE(fusion.makes(1031 * 1100));
  }
  // The logits of 256 rows, their gradients, and what is little beside them.
  constexpr uint64_t block = 256 * 1100 * sizeof(float), logits = 1031 * 1100 * sizeof(float);
  CHECK(loss_forms_large_plain_arena_bytes(1) < 3 * block);
  CHECK(loss_forms_large_with_all_arena_bytes(1) < 3 * block);
  CHECK(3 * block < logits);
}

TEST_CASE("contrastive losses and their gradients are streamed, each direction by itself",
          "[losses]") {
  for (auto [entry, directions] :
       {std::pair("large_info", 1), {"large_clip", 2}, {"large_siglip", 1}}) {
    INFO(entry);
    const Fusion fusion(KERF_LOSS_FORMS, entry);
    EXPECT_FUSED(rows, directions);
    CHECK_FALSE(fusion.makes(1201 * 1201));
  }
  constexpr uint64_t pairs = 1201 * 1201 * sizeof(float);
  CHECK(loss_forms_large_info_arena_bytes(1) < pairs / 2);
  CHECK(loss_forms_large_clip_arena_bytes(1) < pairs / 2);
  CHECK(loss_forms_large_siglip_arena_bytes(1) < pairs / 2);
}
