// fold_key against the reference generator.
#include "codegen/draws.h"

#include <catch2/catch.hpp>

using namespace kerf::test;

TEST_CASE("fold_key: exactly the reference's child", "[random]") {
  for (const Key &key : keys)
    for (uint64_t n : offsets) {
      Key got{};
      kernel<void(const Key *, const uint64_t *, Key *)>("fold_key")(&key, &n, &got);
      CHECK(got == kerf::compiler::philoxFold(key, n));
    }
}
