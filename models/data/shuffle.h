// Data order as a function of seed and step: a permutation that can be entered anywhere, so that it
// has no state.
#pragma once

#include <bit>
#include <cstdint>

namespace kerf::data {

/// A pseudo-random permutation of [0, size): `shuffle(i)` is where element i goes. Different keys,
/// different orders. A Feistel network of six rounds over the next even power of two; what falls
/// outside [0, size) walks on until it is inside, less than four rounds on average.   [Luby &
/// Rackoff 1988; Black & Rogaway 2002]
class Shuffle {
public:
  constexpr Shuffle(uint64_t size, uint64_t key)
      : size(size), key(key), half((std::bit_width(size > 1 ? size - 1 : 1) + 1) / 2),
        mask((uint64_t{1} << half) - 1) {}

  constexpr uint64_t operator()(uint64_t index) const {
    do
      index = permute(index);
    while (index >= size);
    return index;
  }

  /// The key of a numbered stream of a seed, such as an epoch.
  static constexpr uint64_t key_of(uint64_t seed, uint64_t stream) {
    return mix(mix(seed) + stream);
  }

private:
  static constexpr int rounds = 6;

  constexpr uint64_t permute(uint64_t index) const {
    uint64_t left = index >> half, right = index & mask;
    for (uint64_t round = 0; round < rounds; ++round) {
      const uint64_t next = left ^ (mix(key + mix(right << 8 | round)) & mask);
      left = right;
      right = next;
    }
    return left << half | right;
  }

  /// A bijection of 64-bit words in which every bit of the argument reaches every bit of the
  /// result.
  static constexpr uint64_t mix(uint64_t word) {
    word += 0x9e3779b97f4a7c15;
    word = (word ^ word >> 30) * 0xbf58476d1ce4e5b9;
    word = (word ^ word >> 27) * 0x94d049bb133111eb;
    return word ^ word >> 31;
  }

  uint64_t size, key;
  int half;
  uint64_t mask;
};

} // namespace kerf::data
