// What apps show: grids of images, curves over steps, bars, tables of cells.
#pragma once

#include "models/pictures/picture.h"

#include <span>

namespace kerf::pictures {

/// Grey images of one size, each row of the grid under its predecessor, a gap between all.
struct Grid {
  int columns;
  int image_height, image_width; // pixels
  int scale = 3;                 // picture pixels per image pixel
};
Picture image_grid(const Grid &grid, std::span<const float *const> images);

struct Curve {
  std::string name;
  std::vector<float> values; // one per step; what is not finite is left out
  Color color;
};

struct Axes {
  std::string title, x_label, y_label;
  bool logarithmic = false; // the y axis
  /// Of bars, in the place of numbers on the x axis.
  std::vector<std::string> names = {};
};

/// Each curve twice: pale as it is, and strong as a running mean over 1 % of its length.
Picture line_plot(const Axes &axes, std::span<const Curve> curves);

Picture bar_chart(const Axes &axes, std::span<const double> values);

/// Rows of `columns` cells, the first at the bottom; the darker a cell, the larger its part of the
/// largest of its row. What is not above zero stays white.
Picture heat_map(const Axes &axes, int columns, std::span<const double> cells);

} // namespace kerf::pictures
