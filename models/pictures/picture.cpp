// Draws on pictures and writes them through libpng.
#include "models/pictures/picture.h"
#include "atomic_file.h"
#include "models/pictures/font.h"

#include <algorithm>
#include <cmath>
#include <png.h>
#include <stdexcept>

namespace kerf::pictures {

Picture::Picture(int width, int height, Color background)
    : columns(width), rows(height),
      pixels(3 * static_cast<size_t>(width) * static_cast<size_t>(height)) {
  fill(0, 0, width, height, background);
}

Color Picture::at(int x, int y) const {
  const uint8_t *pixel = &pixels.at(
      3 * (static_cast<size_t>(y) * static_cast<size_t>(columns) + static_cast<size_t>(x)));
  return {pixel[0], pixel[1], pixel[2]};
}

void Picture::set(int x, int y, Color color) {
  if (x < 0 || y < 0 || x >= columns || y >= rows)
    return;
  uint8_t *pixel =
      &pixels[3 * (static_cast<size_t>(y) * static_cast<size_t>(columns) + static_cast<size_t>(x))];
  pixel[0] = color.red, pixel[1] = color.green, pixel[2] = color.blue;
}

void Picture::fill(int x, int y, int width, int height, Color color) {
  for (int row = std::max(y, 0); row < std::min(y + height, rows); ++row)
    for (int column = std::max(x, 0); column < std::min(x + width, columns); ++column)
      set(column, row, color);
}

void Picture::blend(int x, int y, double coverage, Color color) {
  if (x < 0 || y < 0 || x >= columns || y >= rows || coverage <= 0)
    return;
  const Color below = at(x, y);
  const auto mix = [coverage](uint8_t under, uint8_t over) {
    return static_cast<uint8_t>(std::lround(under + std::min(coverage, 1.0) * (over - under)));
  };
  set(x, y,
      {mix(below.red, color.red), mix(below.green, color.green), mix(below.blue, color.blue)});
}

void Picture::line(double x0, double y0, double x1, double y1, double thickness, Color color) {
  if (!std::isfinite(x0 + y0 + x1 + y1))
    return;
  const double dx = x1 - x0, dy = y1 - y0, square = dx * dx + dy * dy, reach = thickness / 2 + 0.5;
  const auto clamped = [](double value, int most) {
    return static_cast<int>(std::clamp<double>(value, -1, most));
  };
  const int left = clamped(std::floor(std::min(x0, x1) - reach), columns),
            right = clamped(std::ceil(std::max(x0, x1) + reach), columns);
  const int top = clamped(std::floor(std::min(y0, y1) - reach), rows),
            bottom = clamped(std::ceil(std::max(y0, y1) + reach), rows);
  for (int y = top; y <= bottom; ++y)
    for (int x = left; x <= right; ++x) {
      const double along =
          square > 0 ? std::clamp(((x - x0) * dx + (y - y0) * dy) / square, 0.0, 1.0) : 0;
      blend(x, y, reach - std::hypot(x - (x0 + along * dx), y - (y0 + along * dy)), color);
    }
}

void Picture::text(int x, int y, std::string_view text, Color color, int scale) {
  for (char c : text) {
    for (int row = 0; row < glyph_rows; ++row)
      for (int column = 0; column < glyph_width; ++column)
        if (has_pixel(c, column, row))
          fill(x + column * scale, y + row * scale, scale, scale, color);
    x += (glyph_width + 1) * scale;
  }
}

void Picture::text_upwards(int x, int y, std::string_view text, Color color, int scale) {
  for (char c : text) {
    for (int row = 0; row < glyph_rows; ++row)
      for (int column = 0; column < glyph_width; ++column)
        if (has_pixel(c, column, row))
          fill(x + row * scale, y - (column + 1) * scale, scale, scale, color);
    y -= (glyph_width + 1) * scale;
  }
}

void Picture::image(int x, int y, const float *values, int width, int height, int scale) {
  for (int row = 0; row < height; ++row)
    for (int column = 0; column < width; ++column) {
      const float value = values[row * width + column];
      const auto grey = static_cast<uint8_t>(
          std::lround(255 * std::clamp(std::isnan(value) ? 0.0f : value, 0.0f, 1.0f)));
      fill(x + column * scale, y + row * scale, scale, scale,
           std::isnan(value) ? Color{255, 0, 0} : Color{grey, grey, grey});
    }
}

int text_width(std::string_view text, int scale) {
  return text.empty() ? 0 : (static_cast<int>(text.size()) * (glyph_width + 1) - 1) * scale;
}
int text_height(int scale) { return glyph_height * scale; }

void write_png(const std::string &path, const Picture &picture) {
  png_image image{};
  image.version = PNG_IMAGE_VERSION;
  image.width = static_cast<png_uint_32>(picture.width());
  image.height = static_cast<png_uint_32>(picture.height());
  image.format = PNG_FORMAT_RGB;
  png_alloc_size_t size = 0;
  const auto encode = [&](void *memory) {
    if (!png_image_write_to_memory(&image, memory, &size, 0, picture.rgb().data(), 0, nullptr))
      throw std::runtime_error(path + ": cannot encode the picture: " + image.message);
  };
  encode(nullptr); // only the size
  std::vector<char> bytes(size);
  encode(bytes.data());
  runtime::AtomicFile file(path);
  file.write(bytes.data(), size);
  file.commit();
}

} // namespace kerf::pictures
