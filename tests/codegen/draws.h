// What tests of draws share: keys and offsets, of which some are where counters carry.
#pragma once

#include "codegen/kernels.h"
#include "compiler/oracle/philox.h"

namespace kerf::test {

using Key = std::array<uint32_t, 2>;
using Draw = void(const Key *, const uint64_t *, float *, int64_t);

inline const Key keys[] = {{0, 0}, {~0u, ~0u}, {0xa4093822, 0x299f31d0}};
inline const uint64_t offsets[] = {0,
                                   1,
                                   2,
                                   3,
                                   31,
                                   32,
                                   1000003,
                                   (uint64_t(1) << 34) - 5,
                                   (uint64_t(1) << 63) - 7,
                                   ~uint64_t(0) - 40};

} // namespace kerf::test
