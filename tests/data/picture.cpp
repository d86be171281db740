// Pictures: what is drawn can be read back by libpng; plots stay inside their frame whatever the
// values.
#include "models/pictures/picture.h"
#include "models/pictures/plot.h"
#include "runtime/folder.h"

#include <catch2/catch.hpp>

#include <cmath>
#include <limits>
#include <png.h>
#include <set>

using namespace kerf::pictures;
using kerf::test::Folder;

namespace {
std::vector<uint8_t> read_back(const std::string &path, int width, int height) {
  png_image image{};
  image.version = PNG_IMAGE_VERSION;
  REQUIRE(png_image_begin_read_from_file(&image, path.c_str()));
  CHECK(image.width == static_cast<png_uint_32>(width));
  CHECK(image.height == static_cast<png_uint_32>(height));
  image.format = PNG_FORMAT_RGB;
  std::vector<uint8_t> pixels(PNG_IMAGE_SIZE(image));
  REQUIRE(png_image_finish_read(&image, nullptr, pixels.data(), 0, nullptr));
  return pixels;
}

int count(const Picture &picture, Color color) {
  int number = 0;
  for (int y = 0; y < picture.height(); ++y)
    for (int x = 0; x < picture.width(); ++x)
      number += picture.at(x, y) == color;
  return number;
}
} // namespace

TEST_CASE("picture: libpng reads back every pixel", "[data]") {
  Folder folder;
  Picture picture(37, 11);
  for (int y = 0; y < 11; ++y)
    for (int x = 0; x < 37; ++x)
      picture.set(
          x, y,
          {static_cast<uint8_t>(7 * x), static_cast<uint8_t>(20 * y), static_cast<uint8_t>(x * y)});
  write_png(folder / "a.png", picture);
  CHECK(read_back(folder / "a.png", 37, 11) == picture.rgb());
  CHECK(!std::filesystem::exists(folder / "a.png.tmp"));
  CHECK_THROWS_WITH(write_png(folder / "absent/a.png", picture),
                    Catch::Contains("absent/a.png: cannot write"));
}

TEST_CASE("picture: what lies outside is not drawn", "[data]") {
  Picture picture(10, 10);
  picture.fill(-5, -5, 3, 3, black);
  picture.fill(20, 0, 5, 5, black);
  picture.set(-1, 10, black);
  picture.lines(std::vector<Point>{{-100, -100}, {-50, -1e30}, {1e30, -1e30}, {20, 50}}, 3, black);
  picture.lines(std::vector<Point>{{NAN, 0}, {5, 5}, {5, INFINITY}}, 3, black);
  picture.text(1000, -1000, "outside", black);
  CHECK(count(picture, white) == 100);
  picture.fill(-5, -5, 100, 100, black);
  CHECK(count(picture, black) == 100);
}

TEST_CASE("picture: every character has its own look", "[data]") {
  const auto look = [](std::string text) {
    Picture picture(20, 24);
    picture.text(1, 2, text, black);
    return picture.rgb();
  };
  std::set<std::vector<uint8_t>> looks;
  for (char c = ' '; c <= '~'; ++c)
    looks.insert(look({c}));
  CHECK(looks.size() == 95);
  for (const char *unknown : {"\xc3", "\x1b", "\x7f"})
    CHECK(look(unknown) == look("?"));
  CHECK(look(std::string(1, '\0')) == look("?"));
}

TEST_CASE("picture: a text is as wide and as high as it says, whichever way it is read", "[data]") {
  const std::string text = "HEIGHT of width";
  const int width = text_width(text), height = text_height();
  Picture plain(width + 20, 40), upwards(40, width + 20);
  plain.text(10, 10, text, black);
  upwards.text_upwards(10, width + 10, text, black);
  int left = width, right = 0, top = 40, bottom = 0;
  for (int y = 0; y < plain.height(); ++y)
    for (int x = 0; x < plain.width(); ++x)
      if (plain.at(x, y) != white) {
        left = std::min(left, x), right = std::max(right, x);
        top = std::min(top, y), bottom = std::max(bottom, y);
      }
  CHECK(left >= 10);
  CHECK(left <= 12);
  CHECK(right < width + 10);
  CHECK(right >= width + 7);
  CHECK(top >= 9); // an h is higher than a capital
  CHECK(bottom >= 9 + height);
  CHECK(bottom <= 10 + height + height / 2); // a g hangs
  const int ink = 40 * plain.width() - count(plain, white);
  CHECK(std::abs(40 * plain.width() - count(upwards, white) - ink) < ink / 5);
  for (int x = 0; x < 40; ++x)
    CHECK(upwards.at(x, 5) == white);
  CHECK(text_width("") == 0);
  CHECK(text_width("abc", small_text) < text_width("abc"));
}

TEST_CASE("picture: lines go through the middles of pixels, and where they leave the picture",
          "[data]") {
  Picture picture(9, 9);
  picture.lines(std::vector<Point>{{-1e9, 4}, {4, 4}, {4, 1e9}}, 1, black);
  for (int i = 0; i < 9; ++i) {
    if (i == 4)
      continue; // the corner is round
    CHECK(picture.at(i, 4) == (i < 4 ? black : white));
    CHECK(picture.at(4, i) == (i > 4 ? black : white));
  }
  Picture slanted(101, 101);
  slanted.lines(std::vector<Point>{{-1e9, -1e9}, {1e9, 1e9}}, 1, black);
  for (int i = 0; i <= 100; ++i) {
    CHECK(slanted.at(i, i).red < 80);
    CHECK(slanted.at(i, 100 - i) == (i == 50 ? slanted.at(50, 50) : white));
  }
}

TEST_CASE("picture: images are clamped to [0, 1], NaN is red", "[data]") {
  Picture picture(4, 1);
  const float values[] = {-1, 0.5, 2, NAN};
  picture.image(0, 0, values, 4, 1, 1);
  CHECK(picture.at(0, 0) == black);
  CHECK(picture.at(1, 0) == Color{128, 128, 128});
  CHECK(picture.at(2, 0) == white);
  CHECK(picture.at(3, 0) == Color{255, 0, 0});
}

TEST_CASE("plot: a curve goes through its frame from corner to corner", "[data]") {
  const Color blue{0, 0, 255};
  const Picture picture = line_plot({"t", "x", "y"}, std::vector<Curve>{{"", {0, 1}, blue}});
  CHECK(count(picture, blue) > 800); // the strong line is at least two pixels over 870 columns
}

TEST_CASE("plot: empty, constant, infinite and negative values are no trouble", "[data]") {
  const float inf = std::numeric_limits<float>::infinity();
  const std::vector<std::vector<float>> all = {
      {}, {1}, {2, 2, 2}, {NAN, NAN}, {inf, 1, -inf}, {-1, 0, -3}, {1e-38f, 1e38f}};
  for (bool logarithmic : {false, true})
    for (const std::vector<float> &values : all)
      CHECK(line_plot({"t", "x", "y", logarithmic}, std::vector<Curve>{{"c", values, black}})
                .width() == 1000);
  CHECK(bar_chart({"t", "x", "y"}, {}).height() == 600);
  CHECK(bar_chart({"t", "x", "y"}, std::vector<double>{0, 0}).height() == 600);
  const std::vector<double> bars{1, 2};
  CHECK(
      bar_chart({.title = "t", .x_label = "x", .y_label = "y", .names = {"a", "b"}}, bars).rgb() !=
      bar_chart({"t", "x", "y"}, bars).rgb());
}

TEST_CASE("plot: a grid has its images in rows", "[data]") {
  const float bright[4] = {1, 1, 1, 1}, dark[4] = {0, 0, 0, 0};
  const std::vector<const float *> images = {bright, dark, dark};
  const Picture picture = image_grid({2, 2, 2, 3}, images);
  CHECK(picture.width() == 3 + 2 * 9);
  CHECK(picture.height() == 3 + 2 * 9);
  CHECK(picture.at(3, 3) == white);
  CHECK(picture.at(12, 3) == black);
  CHECK(picture.at(3, 12) == black);
  CHECK(count(picture, white) == 36);
}

TEST_CASE("plot: the darkest cell of each row of a map is its largest", "[data]") {
  const double cells[] = {1, 2, 0, 50, 0, -1}; // two rows of three, the first at the bottom
  const Picture picture = heat_map({"t", "x", "y"}, 3, cells);
  const int left = 245, middle = 535, right = 825, low = 390, high = 160;
  const Color largest = picture.at(middle, low);
  CHECK(picture.at(left, high) == largest);
  CHECK(picture.at(left, low).red > largest.red);
  CHECK(picture.at(left, low) != white);
  for (const Color empty :
       {picture.at(right, low), picture.at(middle, high), picture.at(right, high)})
    CHECK(empty == white);
  CHECK(heat_map({"t", "x", "y"}, 3, {}).height() == 600);
  CHECK(heat_map({"t", "x", "y"}, 1, std::vector<double>{0, NAN}).height() == 600);
}
