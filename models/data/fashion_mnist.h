// Fashion-MNIST, or another set of images in MNIST's files.
#pragma once

#include "kerf_runtime.hpp"
#include "models/data/idx.h"

#include <array>

namespace kerf::data {

constexpr int image_size = 28, padding = 2, padded_size = image_size + 2 * padding; // pixels

/// A batch of images within frames.
template <int64_t Batch>
using Images = kerf::Block<kerf::Array<float, Batch, 1, padded_size, padded_size>>;
/// A batch of as many as there are.
using ImageRows = kerf::Rows<float, 1, padded_size, padded_size>;
using ConstImageRows = kerf::Rows<const float, 1, padded_size, padded_size>;

/// Bytes of 28 x 28 images, which become padded ones in [0, 1].
class ImageSet {
public:
  /// Throws std::runtime_error where read_idx does, and for what are no such images.
  explicit ImageSet(const std::string &path);
  int64_t size() const { return idx.shape[0]; }
  /// Of all their bytes.
  std::string digest() const;

  /// Image `index` to a padded image whose frame is zero already.
  void copy(int64_t index, float *padded) const;
  /// Image `order(i)` to the i-th of a batch, for all i.
  template <class Order> void copy(ImageRows images, Order order) const {
    for (size_t i = 0; i < images.rows(); ++i)
      copy(order(static_cast<int64_t>(i)), images[i].data());
  }

private:
  Idx idx;
};

inline constexpr std::array class_names{"T-shirt", "trouser", "pullover", "dress", "coat",
                                        "sandal",  "shirt",   "sneaker",  "bag",   "boot"};

/// The classes of images, by their number.
class LabelSet {
public:
  /// Throws std::runtime_error where read_idx does, and for what are not `count` labels in [0, 10).
  LabelSet(const std::string &path, int64_t count);
  std::string digest() const;
  int64_t operator[](int64_t index) const { return idx.data[static_cast<size_t>(index)]; }

private:
  Idx idx;
};

/// The image within the frame, appended row by row.
void add_crop(const float *padded, std::vector<float> &crops);
/// The sum of squared differences of two images within their frames.
double squared_error(const float *a, const float *b);

} // namespace kerf::data
