// A picture of ratios: one column of panels, in each panel groups of bars, all on one logarithmic
// axis with a line at 1. Reads lines of tab-separated words, so that any benchmark can write them:
//
//     title <text>   panel <text>   series <name>   group <text>   bar <series> <ratio> <low>
//     <high>
#include "models/pictures/picture.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <exception>
#include <iostream>
#include <sstream>
#include <string>
#include <vector>

using namespace kerf::pictures;

namespace {

constexpr Color ink{40, 40, 40}, faint{225, 225, 225};
constexpr Color colors[] = {{31, 119, 180},  {255, 127, 14}, {44, 160, 44},   {214, 39, 40},
                            {148, 103, 189}, {140, 86, 75},  {227, 119, 194}, {127, 127, 127},
                            {188, 189, 34},  {23, 190, 207}};

struct Bar {
  int series;
  double ratio, low, high;
};
struct Group {
  std::string name;
  std::vector<Bar> bars;
};
struct Panel {
  std::string name;
  std::vector<Group> groups;
};
struct Chart {
  std::string title;
  std::vector<std::string> series;
  std::vector<Panel> panels;
};

Chart read(std::istream &in) {
  Chart chart;
  for (std::string line; std::getline(in, line);) {
    const std::size_t tab = line.find('\t');
    const std::string kind = line.substr(0, tab);
    const std::string rest = tab == std::string::npos ? "" : line.substr(tab + 1);
    if (kind == "title")
      chart.title = rest;
    else if (kind == "series")
      chart.series.push_back(rest);
    else if (kind == "panel")
      chart.panels.push_back({rest, {}});
    else if (kind == "group" && !chart.panels.empty())
      chart.panels.back().groups.push_back({rest, {}});
    else if (Bar bar; kind == "bar" && !chart.panels.empty() &&
                      !chart.panels.back().groups.empty() &&
                      std::istringstream(rest) >> bar.series >> bar.ratio >> bar.low >> bar.high)
      chart.panels.back().groups.back().bars.push_back(bar);
    else
      throw std::runtime_error("not a line of a chart: " + line);
  }
  return chart;
}

struct Axis {
  double low = 0.5, high = 2;
  int top = 0, bottom = 0;

  int place(double ratio) const {
    const double part = std::log(ratio / low) / std::log(high / low);
    return int(std::lround(bottom - std::clamp(part, 0.0, 1.0) * (bottom - top)));
  }
};

void draw(Picture &picture, const Panel &panel, const Axis &axis, int left, int right) {
  for (double decade = 0.01; decade <= axis.high; decade *= 10)
    for (double digit : {1, 2, 5})
      if (const double tick = digit * decade; tick >= axis.low && tick <= axis.high * 1.001) {
        const int y = axis.place(tick);
        picture.fill(left, y, right - left, 1, faint);
        char text[32];
        std::snprintf(text, sizeof text, "%g", tick);
        picture.text(left - 8 - text_width(text), y - text_height() / 2, text, ink);
      }
  picture.text(left, axis.top - 30, panel.name, ink);
  const int width = (right - left) / std::max<int>(1, int(panel.groups.size()));
  for (std::size_t g = 0; g < panel.groups.size(); ++g) {
    const Group &group = panel.groups[g];
    const int bars = std::max(1, int(group.bars.size()));
    const int bar_width = std::min(width * 10 / 12 / bars, 40);
    const int from = left + int(g) * width + (width - bars * bar_width) / 2;
    for (std::size_t b = 0; b < group.bars.size(); ++b) {
      const Bar &bar = group.bars[b];
      const int x = from + int(b) * bar_width, one = axis.place(1), y = axis.place(bar.ratio);
      picture.fill(x, std::min(one, y), bar_width - 2, std::abs(y - one) + 1,
                   colors[std::size_t(bar.series) % std::size(colors)]);
      const int high = axis.place(bar.high), low = axis.place(bar.low);
      picture.fill(x + bar_width / 2 - 1, high, 1, low - high + 1, ink);
    }
    picture.text(left + int(g) * width + (width - text_width(group.name, small_text)) / 2,
                 axis.bottom + 8, group.name, ink, small_text);
  }
  picture.fill(left, axis.place(1) - 1, right - left, 2, ink);
}

Picture drawn(const Chart &chart) {
  constexpr int width = 1200, left = 90, panel_height = 360;
  const int panels = int(chart.panels.size()), legend = 24 * (int(chart.series.size()) + 1) / 2;
  Picture picture(width, 70 + panels * panel_height + legend + 40);
  picture.text((width - text_width(chart.title)) / 2, 16, chart.title, ink);
  Axis axis;
  for (const Panel &panel : chart.panels)
    for (const Group &group : panel.groups)
      for (const Bar &bar : group.bars) {
        axis.low = std::min(axis.low, bar.low / 1.1);
        axis.high = std::max(axis.high, bar.high * 1.1);
      }
  for (int p = 0; p < panels; ++p) {
    axis.top = 90 + p * panel_height;
    axis.bottom = axis.top + panel_height - 90;
    draw(picture, chart.panels[std::size_t(p)], axis, left, width - 30);
  }
  for (std::size_t s = 0; s < chart.series.size(); ++s) {
    const int x = left + int(s % 2) * 550, y = 80 + panels * panel_height + int(s / 2) * 24;
    picture.fill(x, y, 16, 14, colors[s % std::size(colors)]);
    picture.text(x + 24, y, chart.series[s], ink, small_text);
  }
  return picture;
}

} // namespace

/// `bench_chart <png>`
int main(int count, char **words) try {
  if (count != 2) {
    std::fprintf(stderr, "usage: bench_chart <png>, the chart on standard input\n");
    return 2;
  }
  write_png(words[1], drawn(read(std::cin)));
} catch (const std::exception &error) {
  std::fprintf(stderr, "bench_chart: %s\n", error.what());
  return 1;
}
