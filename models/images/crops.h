// Images without their frames, many of one size in a row, as pictures show them.
#pragma once

#include "models/data/fashion_mnist.h"
#include "models/pictures/plot.h"

#include <algorithm>

namespace kerf::images {

/// The 28 x 28 pixels of each image, image after image.
struct Crops {
  std::vector<float> pixels;

  static constexpr int size = data::image_size * data::image_size;
  int count() const { return static_cast<int>(pixels.size()) / size; }
  const float *operator[](int i) const { return pixels.data() + std::ptrdiff_t(i) * size; }
  void add(const float *padded) { data::add_crop(padded, pixels); }
  void add(data::ConstImageRows batch) {
    for (size_t i = 0; i < batch.rows(); ++i)
      add(batch[i].data());
  }
};

/// All of them, `columns` in a row.
pictures::Picture grid(const Crops &crops, int columns);
/// Rows of `columns` of the first, each above the row of the others with the same places. What does
/// not fill a row is left out.
pictures::Picture rows_in_turn(const Crops &above, const Crops &below, int columns);

/// Calls `use(first, images)` for one batch of the set after the other, in `memory`; the last one
/// has what is left.
template <class Use> void in_batches(const data::ImageSet &set, data::ImageRows memory, Use use) {
  const auto most = static_cast<int64_t>(memory.rows());
  for (int64_t first = 0; first < set.size(); first += most) {
    const data::ImageRows images =
        memory.first_rows(static_cast<size_t>(std::min(most, set.size() - first)));
    set.copy(images, [&](int64_t i) { return first + i; });
    use(first, images);
  }
}

/// What becomes of images: their crops beside those of what a model makes of them, as far as they
/// are shown, and the mean squared error of all crops.
class Reconstructions {
public:
  explicit Reconstructions(int shown) : shown(shown) {}

  void add(data::ConstImageRows images, data::ConstImageRows outputs) {
    for (size_t i = 0; i < images.rows(); ++i)
      add(images[i].data(), outputs[i].data());
  }
  double mse() const { return error / (static_cast<double>(count) * Crops::size); }
  pictures::Picture picture(int columns) const { return rows_in_turn(originals, made, columns); }

private:
  void add(const float *image, const float *output);
  int shown;
  int64_t count = 0;
  double error = 0;
  Crops originals, made;
};

} // namespace kerf::images
