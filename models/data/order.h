// Which example each position of a training gets.
#pragma once

#include "models/data/shuffle.h"

namespace kerf::data {

/// A function of the seed alone, so that there is nothing to save.
class DataOrder {
public:
  DataOrder(uint64_t seed, int64_t size) : seed(seed), size(static_cast<uint64_t>(size)) {}
  /// Every epoch is a permutation of its own.
  int64_t at(int64_t position) const {
    const auto place = static_cast<uint64_t>(position);
    return of_stream(place / size, place % size);
  }
  int64_t for_codebook(int64_t i) const {
    return of_stream(~uint64_t{0}, static_cast<uint64_t>(i) % size);
  }

private:
  int64_t of_stream(uint64_t stream, uint64_t i) const {
    return static_cast<int64_t>(Shuffle(size, Shuffle::key_of(seed, stream))(i));
  }
  uint64_t seed, size;
};

} // namespace kerf::data
