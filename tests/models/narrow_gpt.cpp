// Six layers of 128 features, of 64 characters.
#include "tests/models/narrow_gpt.h"

const auto registered =
    narrow_gpt::registered<"narrow_gpt", narrow_gpt::Training<128, 6, 64>>(/*batch=*/8);
