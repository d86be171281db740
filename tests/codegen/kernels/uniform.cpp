// uniform against the reference generator: the same words for any split.
#include "codegen/draws.h"

#include <catch2/catch.hpp>

using namespace kerf::test;
using kerf::compiler::philoxWord;

TEST_CASE("uniform: exactly the reference's words", "[random]") {
  for (const Key &key : keys)
    for (uint64_t offset : offsets)
      for (int64_t n : {1, 2, 31, 32, 33, 64, 101, 20011}) { // the last in several tasks
        std::vector<float> got(n + 1, -1), want;
        kernel<Draw>("uniform")(&key, &offset, got.data(), n);
        for (int64_t i = 0; i < n; ++i)
          want.push_back(float(kerf::compiler::philoxUniform(philoxWord(key, offset + i))));
        want.push_back(-1); // not written
        CHECK(got == want);
      }
}
