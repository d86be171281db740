// Two layers of 32 features, of 32 characters.
#include "tests/models/narrow_gpt.h"

const auto registered =
    narrow_gpt::registered<"narrow_gpt_small", narrow_gpt::Training<32, 2, 32>>(/*batch=*/8);
