// The residual VQ-VAE under the name that the demo's program knows.
#pragma once

#include <vqvae_residual.h>

#include "checkpoint.h"

namespace vqvae = vqvae_residual;

/// What the state of training can be; Adam begins anew with the codebook.
inline std::vector<kerf::data::Range> ranges_after(int64_t steps) {
  const int64_t begin = steps > vqvae::warmup_steps ? vqvae::warmup_steps : 0;
  return kerf::data::adam_ranges("adam", steps - begin);
}
