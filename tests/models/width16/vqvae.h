// The artefact of width 16 under the name that the demo's program knows.
#pragma once

#include <vqvae16.h>

namespace vqvae = vqvae16;
