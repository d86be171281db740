// What the kernel vq finds, for kernels that find the same.
#pragma once

#include "codegen/cpu/vq_search.h"
#include "codegen/kernels.h"

namespace kerf::test {

inline std::vector<int64_t> nearestCodes(const std::vector<float> &z, const std::vector<float> &e,
                                         int64_t n, int64_t k, int64_t d,
                                         codegen::cpu::VqMetric metric) {
  using I = int64_t;
  Scratch scratch(scratchBytes("vq", {n, k, d}));
  std::vector<I> codes(n, -1);
  kernel<void(const float *, const float *, I *, void *, I, I, I, I)>("vq")(
      z.data(), e.data(), codes.data(), scratch.get(), n, k, d, I(metric));
  return codes;
}

} // namespace kerf::test
