// Grids of crops.
#include "models/images/crops.h"

namespace kerf::images {
using pictures::image_grid, pictures::Picture;

Picture grid(const Crops &crops, int columns) {
  std::vector<const float *> places;
  for (int i = 0; i < crops.count(); ++i)
    places.push_back(crops[i]);
  return image_grid({columns, data::image_size, data::image_size}, places);
}

Picture rows_in_turn(const Crops &above, const Crops &below, int columns) {
  std::vector<const float *> places;
  const int rows = std::min(above.count(), below.count()) / columns;
  for (int row = 0; row < rows; ++row)
    for (const Crops *side : {&above, &below})
      for (int column = 0; column < columns; ++column)
        places.push_back((*side)[row * columns + column]);
  return image_grid({columns, data::image_size, data::image_size}, places);
}

void Reconstructions::add(const float *image, const float *output) {
  error += data::squared_error(image, output);
  if (count++ >= shown)
    return;
  originals.add(image);
  made.add(output);
}

} // namespace kerf::images
