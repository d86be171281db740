// Draws through Cairo.
#include "models/pictures/picture.h"
#include "atomic_file.h"

#include <algorithm>
#include <cairo/cairo.h>
#include <cmath>
#include <numbers>
#include <optional>
#include <stdexcept>
#include <utility>

namespace kerf::pictures {
namespace {

/// What Cairo draws with on new pixels. It reports nothing itself, but takes no further order.
cairo_t *drawn_on(int width, int height) {
  cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, width, height);
  cairo_t *context = cairo_create(surface);
  cairo_surface_destroy(surface); // the context holds it
  if (const cairo_status_t status = cairo_status(context); status != CAIRO_STATUS_SUCCESS) {
    cairo_destroy(context);
    throw std::runtime_error("no picture of " + std::to_string(width) + " x " +
                             std::to_string(height) + " pixels: " + cairo_status_to_string(status));
  }
  cairo_set_line_cap(context, CAIRO_LINE_CAP_ROUND);
  cairo_set_line_join(context, CAIRO_LINE_JOIN_ROUND);
  // The same letters on every screen: grey edges, advances of whole pixels.
  cairo_font_options_t *options = cairo_font_options_create();
  cairo_font_options_set_antialias(options, CAIRO_ANTIALIAS_GRAY);
  cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_SLIGHT);
  cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_ON);
  cairo_set_font_options(context, options);
  cairo_font_options_destroy(options);
  cairo_select_font_face(context, "DejaVu Sans", CAIRO_FONT_SLANT_NORMAL, CAIRO_FONT_WEIGHT_NORMAL);
  return context;
}

void use(cairo_t *context, Color color) {
  cairo_set_source_rgb(context, color.red / 255.0, color.green / 255.0, color.blue / 255.0);
}

/// Text that is not UTF-8 would be the last order that Cairo takes.
std::string printable(std::string_view text) {
  std::string printable(text);
  for (char &c : printable)
    if (c < ' ' || c > '~')
      c = '?';
  return printable;
}

cairo_text_extents_t extents(const std::string &text, int size) {
  static const std::unique_ptr<cairo_t, decltype(&cairo_destroy)> context(drawn_on(1, 1),
                                                                          cairo_destroy);
  cairo_set_font_size(context.get(), size);
  cairo_text_extents_t extents;
  cairo_text_extents(context.get(), text.c_str(), &extents);
  return extents;
}

/// The part of a line within a box from the origin less `margin`, to (width, height) and `margin`
/// more: Cairo's numbers end at 2^23.   [Liang & Barsky 1984]
std::optional<std::pair<Point, Point>> clipped(Point a, Point b, double margin, int width,
                                               int height) {
  double first = 0, last = 1;
  const auto cut = [&](double start, double slope, double low, double high) {
    if (slope == 0)
      return start >= low && start <= high;
    const double one = (low - start) / slope, other = (high - start) / slope;
    first = std::max(first, std::min(one, other));
    last = std::min(last, std::max(one, other));
    return first <= last;
  };
  if (!cut(a.x, b.x - a.x, -margin, width + margin) ||
      !cut(a.y, b.y - a.y, -margin, height + margin))
    return {};
  const auto place = [&](double part) {
    return part == 0   ? a
           : part == 1 ? b
                       : Point{a.x + part * (b.x - a.x), a.y + part * (b.y - a.y)};
  };
  return std::pair(place(first), place(last));
}

} // namespace

void Picture::Destroy::operator()(_cairo *context) const { cairo_destroy(context); }

Picture::Picture(int width, int height, Color background)
    : columns(width), rows(height), context(drawn_on(width, height)) {
  fill(0, 0, width, height, background);
}

Color Picture::at(int x, int y) const {
  if (x < 0 || y < 0 || x >= columns || y >= rows)
    throw std::out_of_range("no pixel at " + std::to_string(x) + ", " + std::to_string(y));
  cairo_surface_t *surface = cairo_get_target(context.get());
  cairo_surface_flush(surface);
  const unsigned char *row =
      cairo_image_surface_get_data(surface) + y * cairo_image_surface_get_stride(surface);
  const uint32_t pixel = reinterpret_cast<const uint32_t *>(row)[x];
  return {static_cast<uint8_t>(pixel >> 16), static_cast<uint8_t>(pixel >> 8),
          static_cast<uint8_t>(pixel)};
}

std::vector<uint8_t> Picture::rgb() const {
  std::vector<uint8_t> pixels;
  for (int y = 0; y < rows; ++y)
    for (int x = 0; x < columns; ++x) {
      const Color color = at(x, y);
      pixels.insert(pixels.end(), {color.red, color.green, color.blue});
    }
  return pixels;
}

void Picture::fill(int x, int y, int width, int height, Color color) {
  const int left = std::max(x, 0), right = std::min(x + width, columns);
  const int top = std::max(y, 0), bottom = std::min(y + height, rows);
  if (left >= right || top >= bottom)
    return;
  use(context.get(), color);
  cairo_rectangle(context.get(), left, top, right - left, bottom - top);
  cairo_fill(context.get());
}

void Picture::lines(std::span<const Point> points, double thickness, Color color) {
  std::optional<Point> pen;
  for (size_t i = 1; i < points.size(); ++i) {
    const Point a = points[i - 1], b = points[i];
    if (!std::isfinite(a.x + a.y + b.x + b.y))
      continue;
    const auto part = clipped(a, b, thickness, columns, rows);
    if (!part)
      continue;
    // The middle of the pixel (x, y) is half a pixel from its corner, which Cairo counts from.
    if (pen != part->first)
      cairo_move_to(context.get(), part->first.x + 0.5, part->first.y + 0.5);
    cairo_line_to(context.get(), part->second.x + 0.5, part->second.y + 0.5);
    pen = part->second;
  }
  use(context.get(), color);
  cairo_set_line_width(context.get(), thickness);
  cairo_stroke(context.get());
}

void Picture::text(int x, int y, std::string_view text, Color color, int size) {
  use(context.get(), color);
  cairo_set_font_size(context.get(), size);
  cairo_move_to(context.get(), x, y + text_height(size));
  cairo_show_text(context.get(), printable(text).c_str());
  cairo_new_path(context.get());
}

void Picture::text_upwards(int x, int y, std::string_view text, Color color, int size) {
  cairo_save(context.get());
  cairo_translate(context.get(), x, y);
  cairo_rotate(context.get(), -std::numbers::pi / 2);
  this->text(0, 0, text, color, size);
  cairo_restore(context.get());
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

int text_width(std::string_view text, int size) {
  return static_cast<int>(std::ceil(extents(printable(text), size).x_advance));
}
int text_height(int size) { return static_cast<int>(std::lround(-extents("H", size).y_bearing)); }

void write_png(const std::string &path, const Picture &picture) {
  std::string bytes;
  const auto append = [](void *all, const unsigned char *part, unsigned count) {
    static_cast<std::string *>(all)->append(reinterpret_cast<const char *>(part), count);
    return CAIRO_STATUS_SUCCESS;
  };
  const cairo_status_t status =
      cairo_surface_write_to_png_stream(cairo_get_target(picture.context.get()), append, &bytes);
  if (status != CAIRO_STATUS_SUCCESS)
    throw std::runtime_error(path +
                             ": cannot encode the picture: " + cairo_status_to_string(status));
  runtime::AtomicFile file(path);
  file.write(bytes);
  file.commit();
}

} // namespace kerf::pictures
