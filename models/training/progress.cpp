// Draws the progress bar.
#include "models/training/progress.h"

#include <algorithm>
#include <cmath>
#include <sys/ioctl.h>
#include <unistd.h>

namespace kerf::training {
namespace {
/// "1:12", or "1:02:03" from an hour on.
std::string clock_time(double seconds) {
  if (!std::isfinite(seconds))
    return "?";
  const auto all = static_cast<int64_t>(std::ceil(std::max(seconds, 0.0)));
  char text[32];
  if (all < 3600)
    std::snprintf(text, sizeof text, "%d:%02d", static_cast<int>(all / 60),
                  static_cast<int>(all % 60));
  else
    std::snprintf(text, sizeof text, "%lld:%02d:%02d", static_cast<long long>(all / 3600),
                  static_cast<int>(all / 60 % 60), static_cast<int>(all % 60));
  return text;
}

int terminal_width(std::FILE *file) {
  winsize size{};
  return ioctl(fileno(file), TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
}
} // namespace

std::string bar_line(const Moment &moment, int width) {
  const double part =
      moment.steps > 0 ? static_cast<double>(moment.step) / static_cast<double>(moment.steps) : 1;
  char percent[16], speed[32];
  std::snprintf(percent, sizeof percent, "%3d %% ", static_cast<int>(100 * part));
  std::snprintf(speed, sizeof speed, "  %.0f ", moment.per_second);
  const std::string rest =
      moment.figures + speed + moment.unit + "/s  " + clock_time(moment.seconds_left) + " left";
  const int room = std::min(width - static_cast<int>(rest.size()) - 9, 30);
  std::string line = percent;
  if (room >= 4) {
    const auto done = static_cast<size_t>(part * room);
    line +=
        "[" + std::string(done, '#') + std::string(static_cast<size_t>(room) - done, ' ') + "] ";
  }
  line += rest;
  return line.substr(0, static_cast<size_t>(std::max(width, 0)));
}

ProgressBar::ProgressBar(int64_t steps, int64_t first, int examples_per_step, std::string unit,
                         std::FILE *file)
    : steps(steps), first(first), examples_per_step(examples_per_step), unit(std::move(unit)),
      file(file), is_terminal(isatty(fileno(file))), start(Clock::now()),
      shown(start - std::chrono::hours(1)), next_mark(first) {}

bool ProgressBar::is_time(int64_t step) {
  const auto since = Clock::now() - shown;
  if (is_terminal)
    return step == steps || since >= std::chrono::milliseconds(100);
  return step == steps || (step >= next_mark && since >= std::chrono::seconds(5));
}

void ProgressBar::show(int64_t step, const std::string &figures) {
  shown = Clock::now();
  next_mark = step + std::max<int64_t>(steps / 10, 1);
  const double seconds = std::chrono::duration<double>(shown - start).count();
  const double rate =
      seconds > 0 ? static_cast<double>(step - first) / seconds : 0; // steps per second
  const Moment moment{step,
                      steps,
                      figures,
                      rate * examples_per_step,
                      rate > 0 ? static_cast<double>(steps - step) / rate : INFINITY,
                      unit};
  if (is_terminal) {
    std::fprintf(file, "\r%s\x1b[K", bar_line(moment, terminal_width(file) - 1).c_str());
    line_open = true;
  } else {
    std::fprintf(file, "%s\n", bar_line(moment, 120).c_str());
  }
  std::fflush(file);
}

void ProgressBar::finish() {
  if (line_open)
    std::fputc('\n', file);
  std::fflush(file);
  line_open = false;
}

} // namespace kerf::training
