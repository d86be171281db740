// The residual VQ-VAE under the name that the demo's program knows.
#pragma once

#include <vqvae_residual.h>

namespace vqvae = vqvae_residual;
