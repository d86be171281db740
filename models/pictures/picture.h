// Pictures: pixels to draw on, written as PNG.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

struct _cairo; // Cairo's own name for what it draws with

namespace kerf::pictures {

struct Color {
  uint8_t red, green, blue;
  friend bool operator==(const Color &, const Color &) = default;
};
inline constexpr Color white{255, 255, 255}, black{0, 0, 0};

struct Point {
  double x, y;
  friend bool operator==(const Point &, const Point &) = default;
};

/// Heights of letters, from line to line in pixels.
inline constexpr int small_text = 11, plain_text = 17;

/// Pixels from the top left. Whatever falls outside is not drawn.
class Picture {
public:
  Picture(int width, int height, Color background = white);

  int width() const { return columns; }
  int height() const { return rows; }
  Color at(int x, int y) const;
  std::vector<uint8_t> rgb() const;

  void set(int x, int y, Color color) { fill(x, y, 1, 1, color); }
  void fill(int x, int y, int width, int height, Color color);
  /// Straight lines from point to point with smooth edges, `thickness` in pixels; none to or from a
  /// point that is not finite.
  void lines(std::span<const Point> points, double thickness, Color color);
  /// The top left corner of the first capital is at (x, y). What is not a printable character of
  /// ASCII looks like a question mark.
  void text(int x, int y, std::string_view text, Color color, int size = plain_text);
  /// The same read from below to above; (x, y) is the bottom left corner.
  void text_upwards(int x, int y, std::string_view text, Color color, int size = plain_text);
  /// A grey image in [0, 1], each of its pixels `scale` wide; NaN is drawn red.
  void image(int x, int y, const float *values, int width, int height, int scale);

  /// As an AtomicFile; throws std::runtime_error with the path and the system's words.
  friend void write_png(const std::string &path, const Picture &picture);

private:
  struct Destroy {
    void operator()(_cairo *context) const;
  };
  int columns, rows;
  std::unique_ptr<_cairo, Destroy> context;
};

/// The size in pixels of a text, and of its capitals.
int text_width(std::string_view text, int size = plain_text);
int text_height(int size = plain_text);

void write_png(const std::string &path, const Picture &picture);

} // namespace kerf::pictures
