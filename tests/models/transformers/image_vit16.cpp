// Two layers of 16 features, of the 25 patches of 10 x 10 pixels.
#include "tests/models/transformers/image_vit.h"

const auto registered =
    transformers::ImageTraining<16, 2, 10>::registered<"image_vit16">("images", "labels", 4);
