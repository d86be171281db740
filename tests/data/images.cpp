// What programs of images share: batches that are filled up, crops, grids, ways between codes,
// labels.
#include "models/images/program.h"
#include "models/images/stages.h"
#include "models/images/walk.h"
#include "runtime/folder.h"

#include <catch2/catch.hpp>

using namespace kerf::data;
using namespace kerf::images;
using kerf::pictures::Color;
using kerf::test::Folder;

namespace {
constexpr int pixels = image_size * image_size;

/// `count` images, each of one grey, 10 times its number.
ImageSet greys(const Folder &folder, int count) {
  std::string file{'\0', '\0', 8, 3, 0, 0, 0, static_cast<char>(count), 0, 0, 0, 28, 0, 0, 0, 28};
  for (int i = 0; i < count; ++i)
    file += std::string(pixels, static_cast<char>(10 * i));
  kerf::test::write_file(folder / "images", file);
  return ImageSet(folder / "images");
}

std::string labels(const Folder &folder, std::string bytes) {
  const auto count = static_cast<char>(bytes.size());
  kerf::test::write_file(folder / "labels", std::string{'\0', '\0', 8, 1, 0, 0, 0, count} + bytes);
  return folder / "labels";
}
} // namespace

TEST_CASE("images: the last batch has what is left", "[data]") {
  Folder folder;
  const ImageSet set = greys(folder, 7);
  Images<3> batch;
  std::vector<int64_t> firsts;
  std::vector<size_t> counts;
  std::vector<float> middles;
  in_batches(set, batch, [&](int64_t first, ImageRows images) {
    firsts.push_back(first), counts.push_back(images.rows());
    for (size_t i = 0; i < images.rows(); ++i)
      middles.push_back(255 * images[i](0, 16, 16));
  });
  CHECK(firsts == std::vector<int64_t>{0, 3, 6});
  CHECK(counts == std::vector<size_t>{3, 3, 1});
  CHECK(middles == std::vector<float>{0, 10, 20, 30, 40, 50, 60});
}

TEST_CASE("images: reconstructions are measured within the frame, and shown in turn", "[data]") {
  Folder folder;
  const ImageSet set = greys(folder, 3);
  Images<2> memory, outputs;
  Reconstructions reconstructions(2);
  in_batches(set, memory, [&](int64_t, ImageRows images) {
    const ImageRows made = ImageRows(outputs).first_rows(images.rows());
    for (size_t i = 0; i < images.rows(); ++i)
      std::ranges::transform(images[i], made[i].begin(), // the frame too, which does not count
                             [](float value) { return value + 0.5f; });
    reconstructions.add(images, made);
  });
  CHECK(reconstructions.mse() == Approx(0.25).epsilon(1e-6));
  const auto picture = reconstructions.picture(2);
  const auto at = [&](int column, int row) { return picture.at(20 + column * 87, 20 + row * 87); };
  CHECK(at(0, 0) == Color{0, 0, 0});
  CHECK(at(1, 0) == Color{10, 10, 10});
  CHECK(at(0, 1) == Color{128, 128, 128});
  CHECK(at(1, 1) == Color{138, 138, 138});
  CHECK(picture.height() == 3 + 2 * 87); // what does not fill a row is left out
}

TEST_CASE("images: a walk goes from corner to corner in equal steps", "[data]") {
  const float corners[] = {0, 1, 3, 1, 6, 1, 9, 1}; // of two numbers each
  const std::vector<float> codes = walk(corners, 4);
  REQUIRE(codes.size() == 32);
  for (size_t row = 0; row < 4; ++row)
    for (size_t column = 0; column < 4; ++column) {
      CHECK(codes[2 * (4 * row + column)] == Approx(2.0 * row + 1.0 * column));
      CHECK(codes[2 * (4 * row + column) + 1] == Approx(1));
    }
}

TEST_CASE("images: stages are rows at equal distances, the last at the end", "[data]") {
  const Stages stages(10, 4, 1);
  std::vector<int64_t> due;
  for (int64_t done = 1; done <= 10; ++done)
    if (stages.due(done))
      due.push_back(done);
  CHECK(due == std::vector<int64_t>{3, 5, 8, 10});
}

TEST_CASE("images: labels are as many as images, and in [0, 10)", "[data]") {
  Folder folder;
  const LabelSet set(labels(folder, {9, 0, 3}), 3);
  CHECK(set[0] == 9);
  CHECK(set[2] == 3);
  CHECK(class_names[9] == std::string("boot"));
  CHECK_THROWS_WITH(LabelSet(labels(folder, {9, 0, 3}), 4),
                    Catch::Contains("not the labels of 4 images"));
  CHECK_THROWS_WITH(LabelSet(labels(folder, {1, 10}), 2),
                    Catch::Contains("label 1 is 10, outside 0 to 9"));
  CHECK(LabelSet(labels(folder, {1, 2}), 2).digest() !=
        LabelSet(labels(folder, {2, 1}), 2).digest());
}
