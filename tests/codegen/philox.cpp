// The reference Philox4x32-10 against the known answers of Random123, and the laws of its streams.
#define CATCH_CONFIG_MAIN
#include <catch2/catch.hpp>

#include "compiler/oracle/philox.h"

#include <set>

using namespace kerf::compiler;
using Counter = std::array<uint32_t, 4>;
using Key = std::array<uint32_t, 2>;

constexpr Key pi_key{0xa4093822, 0x299f31d0};

// Constant evaluation and the machine run the same function; both are held to the vectors.
static_assert(philox({0, 0, 0, 0}, {0, 0}) ==
              Counter{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8});

TEST_CASE("philox: known answers of Random123", "[philox]") {
  CHECK(philox({0, 0, 0, 0}, {0, 0}) == Counter{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8});
  CHECK(philox({~0u, ~0u, ~0u, ~0u}, {~0u, ~0u}) ==
        Counter{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd});
  CHECK(philox({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, pi_key) ==
        Counter{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1});
}

TEST_CASE("philox: word i is number i mod 4 at counter i / 4, both halves of it", "[philox]") {
  const uint64_t starts[] = {0, 1, 3, (uint64_t(1) << 34) - 2, ~uint64_t(0) - 8};
  for (uint64_t start : starts)
    for (uint64_t i = start; i != start + 9; ++i) {
      const uint64_t block = i / 4;
      CHECK(philoxWord(pi_key, i) ==
            philox({uint32_t(block), uint32_t(block >> 32), 0, 0}, pi_key)[i % 4]);
    }
}

TEST_CASE("philox: children of a key differ, from it and from each other", "[philox]") {
  std::set<Key> keys{pi_key};
  for (uint64_t n : {uint64_t(0), uint64_t(1), uint64_t(1) << 32, ~uint64_t(0)})
    CHECK(keys.insert(philoxFold(pi_key, n)).second);
  // A child's words come from a counter that no draw reads: its last word is 1.
  const Counter counter{7, 0, 0, 1};
  CHECK(philoxFold(pi_key, 7) == Key{philox(counter, pi_key)[0], philox(counter, pi_key)[1]});
}

TEST_CASE("philox: uniforms are multiples of 2^-24 in [0, 1)", "[philox]") {
  CHECK(philoxUniform(0) == 0);
  CHECK(philoxUniform(0xff) == 0);
  CHECK(philoxUniform(0x100) == 0x1p-24);
  CHECK(philoxUniform(~0u) == 1 - 0x1p-24);
  CHECK(double(float(philoxUniform(0x89abcdef))) == philoxUniform(0x89abcdef));
}
