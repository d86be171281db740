// Pictures: pixels to draw on, written as PNG.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace kerf::pictures {

struct Color {
  uint8_t red, green, blue;
  friend bool operator==(const Color &, const Color &) = default;
};
inline constexpr Color white{255, 255, 255}, black{0, 0, 0};

/// Pixels from the top left. Whatever falls outside is not drawn.
class Picture {
public:
  Picture(int width, int height, Color background = white);

  int width() const { return columns; }
  int height() const { return rows; }
  Color at(int x, int y) const;
  const std::vector<uint8_t> &rgb() const { return pixels; }

  void set(int x, int y, Color color);
  void fill(int x, int y, int width, int height, Color color);
  /// A straight line with smooth edges, `thickness` in pixels.
  void line(double x0, double y0, double x1, double y1, double thickness, Color color);
  /// The top left corner of the first character is at (x, y); a pixel of the font is `scale` wide.
  void text(int x, int y, std::string_view text, Color color, int scale = 2);
  /// The same read from below to above; (x, y) is the bottom left corner.
  void text_upwards(int x, int y, std::string_view text, Color color, int scale = 2);
  /// A grey image in [0, 1], each of its pixels `scale` wide; NaN is drawn red.
  void image(int x, int y, const float *values, int width, int height, int scale);

private:
  void blend(int x, int y, double coverage, Color color);

  int columns, rows;
  std::vector<uint8_t> pixels;
};

/// The size in pixels of a text drawn at `scale`.
int text_width(std::string_view text, int scale = 2);
int text_height(int scale = 2);

/// As an AtomicFile; throws std::runtime_error with the path and the system's words.
void write_png(const std::string &path, const Picture &picture);

} // namespace kerf::pictures
