// Philox4x32-10, the counter-based generator behind every random op: the reference of all kernels.
#pragma once

#include <array>
#include <cstdint>

namespace kerf::compiler {

/// Ten rounds on one counter block; no state, so any word of any draw is found alone.
/// Source: [Salmon 2011]; checked against Random123's known answers in tests/codegen/philox.cpp.
constexpr std::array<uint32_t, 4> philox(std::array<uint32_t, 4> counter,
                                         std::array<uint32_t, 2> key) {
  for (int round = 0; round < 10; ++round) {
    const uint64_t even = uint64_t(0xD2511F53) * counter[0];
    const uint64_t odd = uint64_t(0xCD9E8D57) * counter[2];
    counter = {uint32_t(odd >> 32) ^ counter[1] ^ key[0], uint32_t(odd),
               uint32_t(even >> 32) ^ counter[3] ^ key[1], uint32_t(even)};
    key = {key[0] + 0x9E3779B9, key[1] + 0xBB67AE85};
  }
  return counter;
}

/// Word i of the stream that `key` names: one of the four at counter i / 4.
constexpr uint32_t philoxWord(std::array<uint32_t, 2> key, uint64_t i) {
  const uint64_t block = i / 4;
  return philox({uint32_t(block), uint32_t(block >> 32), 0, 0}, key)[i % 4];
}

/// The key of child n: words 0 and 1 of a block that no draw reads (its last counter word is 1).
constexpr std::array<uint32_t, 2> philoxFold(std::array<uint32_t, 2> key, uint64_t n) {
  const auto words = philox({uint32_t(n), uint32_t(n >> 32), 0, 1}, key);
  return {words[0], words[1]};
}

/// The upper 24 bits of a word as a number in [0, 1), exact in f32.
constexpr double philoxUniform(uint32_t word) { return (word >> 8) * 0x1p-24; }

} // namespace kerf::compiler
