// Bilinear interpolation.
#include "models/images/walk.h"

namespace kerf::images {

std::vector<float> walk(std::span<const float> corners, int side) {
  const size_t numbers = corners.size() / 4;
  std::vector<float> codes;
  for (int row = 0; row < side; ++row)
    for (int column = 0; column < side; ++column) {
      const float down = static_cast<float>(row) / static_cast<float>(side - 1);
      const float right = static_cast<float>(column) / static_cast<float>(side - 1);
      const float shares[] = {(1 - down) * (1 - right), (1 - down) * right, down * (1 - right),
                              down * right};
      for (size_t i = 0; i < numbers; ++i) {
        float number = 0;
        for (size_t corner = 0; corner < 4; ++corner)
          number += shares[corner] * corners[corner * numbers + i];
        codes.push_back(number);
      }
    }
  return codes;
}

} // namespace kerf::images
