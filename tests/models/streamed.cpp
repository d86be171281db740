// Estimators that weigh all codes run block of rows by block of rows: no array of rows x codes.
#define CATCH_CONFIG_MAIN
#include "fusion.h"

#include "soft_codes.h"

using kerf::test::Fusion;

TEST_CASE("soft estimators, entropies and drawn codes are streamed, gradients included",
          "[fusion]") {
  for (const char *entry : {"gumbel", "index", "entropies", "drawn"}) {
    INFO(entry);
    const Fusion fusion(KERF_SOFT_CODES, entry);
    EXPECT_FUSED(rows, 1);
  }
}

TEST_CASE("their memory is far from rows x codes", "[fusion]") {
  const uint64_t scores = 4100 * 512 * sizeof(float), some_rows = 4100 * 16 * sizeof(float) * 8;
  CHECK(soft_codes_gumbel_arena_bytes < some_rows);
  CHECK(soft_codes_index_arena_bytes < some_rows);
  CHECK(soft_codes_entropies_arena_bytes < some_rows);
  CHECK(soft_codes_drawn_arena_bytes < some_rows);
  CHECK(some_rows < scores / 3);
}
