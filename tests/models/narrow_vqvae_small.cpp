// At width 16.
#define VQVAE_WIDTH 16
#include "tests/models/narrow_vqvae.h"

const auto twice = kerf::models::vqvae::trained_twice<"narrow_vqvae_small">(/*batch=*/8);
