// The VQ-VAE with a codebook of moving averages under the name that the demo's program knows.
#pragma once

#include <vqvae_ema.h>

#include "checkpoint.h"

#include <limits>

namespace vqvae_ema {
using Adam = Training;
}
namespace vqvae = vqvae_ema;

/// What the state of training can be; Adam begins anew with the codebook, which counts rows.
inline std::vector<kerf::data::Range> ranges_after(int64_t steps) {
  const int64_t begin = steps > vqvae::warmup_steps ? vqvae::warmup_steps : 0;
  std::vector<kerf::data::Range> ranges = kerf::data::adam_ranges("training.adam", steps - begin);
  ranges.push_back({"training.codebook.count", 0, std::numeric_limits<float>::max()});
  return ranges;
}
