// Ways through a space of codes, as a grid of pictures shows them.
#pragma once

#include <span>
#include <vector>

namespace kerf::images {

/// `side` x `side` codes, row by row, bilinear between the codes of four corners: top left, top
/// right, bottom left, bottom right. Each is of `corners.size() / 4` numbers.
std::vector<float> walk(std::span<const float> corners, int side);

} // namespace kerf::images
