// Two layers of 16 features, of 24 characters.
#include "tests/models/transformers/text_gpt.h"

const auto registered =
    transformers::TextTraining<16, 2, 24>::registered<"text_gpt16">("tokens", "next", 4);
