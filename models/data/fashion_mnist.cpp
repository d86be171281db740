// Images between their files and their frames.
#include "models/data/fashion_mnist.h"
#include "models/data/digest.h"

namespace kerf::data {

static Idx read(const std::string &path) {
  try {
    return read_idx(path);
  } catch (const IdxError &error) {
    if (error.fault != IdxFault::open)
      throw;
    throw std::runtime_error(std::string(error.what()) +
                             "; install the Debian package dataset-fashion-mnist, or name "
                             "the folder of its files with --data");
  }
}

ImageSet::ImageSet(const std::string &path) : idx(read(path)) {
  if (idx.shape.size() != 3 || idx.shape[0] == 0 || idx.shape[1] != image_size ||
      idx.shape[2] != image_size)
    throw std::runtime_error(path + ": not a set of images of 28 x 28 pixels");
}

static std::string digest_of(const Idx &idx) {
  Digest digest;
  digest.add(std::span<const uint8_t>(idx.data));
  return digest.text();
}

std::string ImageSet::digest() const { return digest_of(idx); }
std::string LabelSet::digest() const { return digest_of(idx); }

LabelSet::LabelSet(const std::string &path, int64_t count) : idx(read(path)) {
  if (idx.shape.size() != 1 || idx.shape[0] != count)
    throw std::runtime_error(path + ": not the labels of " + std::to_string(count) + " images");
  for (size_t i = 0; i < idx.data.size(); ++i)
    if (idx.data[i] >= class_names.size())
      throw std::runtime_error(path + ": label " + std::to_string(i) + " is " +
                               std::to_string(idx.data[i]) + ", outside 0 to " +
                               std::to_string(class_names.size() - 1));
}

void ImageSet::copy(int64_t index, float *padded) const {
  const uint8_t *image = idx.data.data() + index * image_size * image_size;
  for (int row = 0; row < image_size; ++row)
    for (int column = 0; column < image_size; ++column)
      padded[(row + padding) * padded_size + column + padding] =
          static_cast<float>(image[row * image_size + column]) / 255;
}

void add_crop(const float *padded, std::vector<float> &crops) {
  for (int row = padding; row < padding + image_size; ++row)
    crops.insert(crops.end(), padded + row * padded_size + padding,
                 padded + row * padded_size + padding + image_size);
}

double squared_error(const float *a, const float *b) {
  double sum = 0;
  for (int row = padding; row < padding + image_size; ++row)
    for (int column = padding; column < padding + image_size; ++column) {
      const double difference =
          double(a[row * padded_size + column]) - double(b[row * padded_size + column]);
      sum += difference * difference;
    }
  return sum;
}

} // namespace kerf::data
