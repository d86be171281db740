// Plots: a frame with ticks at round numbers, and what stands in it.
#include "models/pictures/plot.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <limits>

namespace kerf::pictures {
namespace {
constexpr Color ink{40, 40, 40}, faint{225, 225, 225};

std::string spelled(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.4g", value);
  return text;
}

/// One direction of a plot: values between `low` and `high` on pixels between `first` and `last`.
struct Scale {
  double low, high, first, last;
  bool logarithmic = false;

  double place(double value) const {
    const auto bend = [this](double v) { return logarithmic ? std::log(v) : v; };
    return first + (bend(value) - bend(low)) / (bend(high) - bend(low)) * (last - first);
  }

  /// About `count` round numbers: 1, 2 or 5 times a power of ten.
  std::vector<double> ticks(int count) const {
    std::vector<double> ticks;
    if (logarithmic) {
      for (double decade = std::pow(10, std::floor(std::log10(low))); decade <= high; decade *= 10)
        for (double digit : {1, 2, 5})
          if (digit * decade >= low * 0.999 && digit * decade <= high * 1.001)
            ticks.push_back(digit * decade);
      return ticks;
    }
    const double rough = (high - low) / count, decade = std::pow(10, std::floor(std::log10(rough)));
    const double digit = rough / decade;
    const double step = decade * (digit <= 1 ? 1 : digit <= 2 ? 2 : digit <= 5 ? 5 : 10);
    for (double i = std::ceil(low / step); i * step <= high + step * 1e-9; ++i)
      ticks.push_back(i == 0 ? 0 : i * step); // not -0
    return ticks;
  }
};

/// The frame: title, axes, ticks, labels. The plot itself goes between the scales' pixels.
struct Frame {
  Picture picture{1000, 600};
  Scale x, y;

  Frame(const Axes &axes, double x_low, double x_high, double y_low, double y_high)
      : x{x_low, x_high, 100, 970}, y{y_low, y_high, 520, 60, axes.logarithmic} {
    for (double tick : y.ticks(6)) {
      const int at = static_cast<int>(std::lround(y.place(tick)));
      picture.fill(100, at, 870, 1, faint);
      picture.fill(94, at, 6, 1, ink);
      const std::string text = spelled(tick);
      picture.text(90 - text_width(text), at - text_height() / 2, text, ink);
    }
    for (size_t i = 0; i < axes.names.size(); ++i) {
      const int at = static_cast<int>(std::lround(x.place(static_cast<double>(i) + 0.5)));
      picture.text(at - text_width(axes.names[i]) / 2, 532, axes.names[i], ink);
    }
    for (double tick : axes.names.empty() ? x.ticks(8) : std::vector<double>()) {
      const int at = static_cast<int>(std::lround(x.place(tick)));
      picture.fill(at, 520, 1, 6, ink);
      const std::string text = spelled(tick);
      picture.text(at - text_width(text) / 2, 532, text, ink);
    }
    picture.text(535 - text_width(axes.title) / 2, 20, axes.title, ink);
    picture.text(535 - text_width(axes.x_label) / 2, 566, axes.x_label, ink);
    picture.text_upwards(8, 290 + text_width(axes.y_label) / 2, axes.y_label, ink);
  }

  void finish() {
    picture.fill(100, 60, 1, 461, ink);
    picture.fill(100, 520, 871, 1, ink);
  }
};

/// The mean of the finite ones among the `width` values around each.
std::vector<float> smoothed(const std::vector<float> &values, size_t width) {
  std::vector<float> means(values.size());
  for (size_t i = 0; i < values.size(); ++i) {
    double sum = 0;
    int count = 0;
    const size_t half = width / 2, last = std::min(i + half, values.size() - 1);
    for (size_t j = i - std::min(i, half); j <= last; ++j)
      if (std::isfinite(values[j]))
        sum += values[j], ++count;
    means[i] = count ? static_cast<float>(sum / count) : std::numeric_limits<float>::quiet_NaN();
  }
  return means;
}

void draw(Frame &frame, const std::vector<float> &values, double thickness, Color color) {
  std::vector<Point> points;
  for (size_t i = 0; i < values.size(); ++i) {
    const bool has_place = !frame.y.logarithmic || values[i] > 0;
    points.push_back(
        {frame.x.place(static_cast<double>(i)),
         has_place ? frame.y.place(values[i]) : std::numeric_limits<double>::quiet_NaN()});
  }
  frame.picture.lines(points, thickness, color);
}

Color pale(Color color) {
  const auto mix = [](uint8_t value) { return static_cast<uint8_t>(255 - (255 - value) / 3); };
  return {mix(color.red), mix(color.green), mix(color.blue)};
}

/// The range of the y axis around all finite values.
std::pair<double, double> range(std::span<const Curve> curves, bool logarithmic) {
  double low = std::numeric_limits<double>::infinity(), high = -low;
  for (const Curve &curve : curves)
    for (float value : curve.values)
      if (std::isfinite(value) && (!logarithmic || value > 0))
        low = std::min<double>(low, value), high = std::max<double>(high, value);
  if (low > high)
    low = logarithmic ? 0.1 : 0, high = 1;
  if (logarithmic)
    return {low / 1.1, high * 1.1};
  const double margin = high > low ? 0.05 * (high - low) : 0.5;
  return {low - margin, high + margin};
}
} // namespace

Picture image_grid(const Grid &grid, std::span<const float *const> images) {
  const int gap = grid.scale, width = grid.image_width * grid.scale,
            height = grid.image_height * grid.scale;
  const int rows = (static_cast<int>(images.size()) + grid.columns - 1) / grid.columns;
  Picture picture(gap + grid.columns * (width + gap), gap + rows * (height + gap), {60, 60, 90});
  for (int i = 0; i < static_cast<int>(images.size()); ++i)
    picture.image(gap + i % grid.columns * (width + gap), gap + i / grid.columns * (height + gap),
                  images[static_cast<size_t>(i)], grid.image_width, grid.image_height, grid.scale);
  return picture;
}

Picture line_plot(const Axes &axes, std::span<const Curve> curves) {
  size_t longest = 2;
  for (const Curve &curve : curves)
    longest = std::max(longest, curve.values.size());
  const auto [low, high] = range(curves, axes.logarithmic);
  Frame frame(axes, 0, static_cast<double>(longest - 1), low, high);
  for (const Curve &curve : curves)
    draw(frame, curve.values, 1, pale(curve.color));
  int legend = 74;
  for (const Curve &curve : curves) {
    draw(frame, smoothed(curve.values, std::max<size_t>(curve.values.size() / 100, 1)), 2.5,
         curve.color);
    const int left = 950 - text_width(curve.name);
    frame.picture.text(left, legend, curve.name, ink);
    frame.picture.fill(left - 40, legend + text_height() / 2 - 2, 30, 4, curve.color);
    legend += 24;
  }
  frame.finish();
  return std::move(frame.picture);
}

Picture bar_chart(const Axes &axes, std::span<const double> values) {
  double high = 0;
  for (double value : values)
    high = std::max(high, value);
  Frame frame(axes, 0, static_cast<double>(std::max<size_t>(values.size(), 1)), 0,
              high > 0 ? 1.05 * high : 1);
  for (size_t i = 0; i < values.size(); ++i) {
    const int left = static_cast<int>(std::lround(frame.x.place(static_cast<double>(i))));
    const int right = static_cast<int>(std::lround(frame.x.place(static_cast<double>(i + 1))));
    const int top = static_cast<int>(std::lround(frame.y.place(values[i])));
    const int gap = right - left > 3 ? 1 : 0;
    frame.picture.fill(left, top, right - left - gap, 520 - top, {70, 110, 180});
  }
  frame.finish();
  return std::move(frame.picture);
}

Picture heat_map(const Axes &axes, int columns, std::span<const double> cells) {
  const int rows = columns > 0 ? static_cast<int>(cells.size()) / columns : 0;
  Frame frame(axes, 0, std::max(columns, 1), 0, std::max(rows, 1));
  const auto pixel = [](double place) { return static_cast<int>(std::lround(place)); };
  for (int row = 0; row < rows; ++row) {
    const auto own =
        cells.subspan(static_cast<size_t>(row * columns), static_cast<size_t>(columns));
    const double most = std::ranges::max(own);
    const int bottom = pixel(frame.y.place(row)), top = pixel(frame.y.place(row + 1));
    for (int column = 0; column < columns; ++column) {
      const double part = own[static_cast<size_t>(column)] / most;
      if (!(part > 0) || !(most > 0))
        continue;
      const auto mix = [&](int dark) { // even the smallest part shows
        return static_cast<uint8_t>(std::lround(235 - (235 - dark) * part));
      };
      const int left = pixel(frame.x.place(column)), right = pixel(frame.x.place(column + 1));
      frame.picture.fill(left, top, std::max(right - left, 1), std::max(bottom - top, 1),
                         {mix(20), mix(60), mix(140)});
    }
  }
  frame.finish();
  return std::move(frame.picture);
}

} // namespace kerf::pictures
