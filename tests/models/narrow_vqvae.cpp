// At the settings of the demo.
#include "tests/models/narrow_vqvae.h"

const auto twice = kerf::models::vqvae::trained_twice<"narrow_vqvae">(/*batch=*/32);
