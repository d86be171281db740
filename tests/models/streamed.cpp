// Estimators that weigh all codes run block of rows by block of rows: no array of rows x codes.
#define CATCH_CONFIG_MAIN
#include "fusion.h"

#include "soft_codes.h"

using kerf::test::Fusion;

TEST_CASE("soft estimators and entropies are streamed, gradients included", "[fusion]") {
  for (const char *entry : {"gumbel", "index", "entropies"}) {
    INFO(entry);
    const Fusion fusion(KERF_SOFT_CODES, entry);
    EXPECT_FUSED(rows, 1);
  }
}

TEST_CASE("drawn codes have a kernel of their own", "[fusion]") {
  const Fusion fusion(KERF_SOFT_CODES, "drawn");
  EXPECT_FUSED(vq, 1);
  EXPECT_FUSED(rows, 0);
}

TEST_CASE("the levels of a residual quantizer are searched block by block", "[fusion]") {
  const Fusion fusion(KERF_SOFT_CODES, "levels");
  EXPECT_FUSED(vq, 3);
  EXPECT_FUSED(rows, 1);
}

TEST_CASE("the memory of soft estimators is far from rows x codes", "[fusion]") {
  const uint64_t scores = 4100 * 512 * sizeof(float), codebook = 512 * 16 * sizeof(float);
  // Rows of features, and the codebook as it is packed for all blocks, each way that it is read.
  const uint64_t some_rows = 4100 * 16 * sizeof(float) * 9 + 2 * codebook;
  CHECK(soft_codes_gumbel_arena_bytes(1) < some_rows);
  CHECK(soft_codes_index_arena_bytes(1) < some_rows);
  CHECK(soft_codes_entropies_arena_bytes(1) < some_rows);
  CHECK(soft_codes_drawn_arena_bytes(1) < some_rows);
  CHECK(some_rows < scores / 3);
}
