// The VQ-VAE with a codebook of moving averages under the name that the demo's program knows.
#pragma once

#include <vqvae_ema.h>

namespace vqvae_ema {
using Adam = Training;
}
namespace vqvae = vqvae_ema;
