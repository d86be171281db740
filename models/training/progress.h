// What a person sees while a program trains: one line that is drawn over, or a line now and then in
// a log.
#pragma once

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <string>

namespace kerf::training {

/// One moment of a training.
struct Moment {
  int64_t step, steps;
  std::string figures; // "epoch 1/1  loss 0.0123  perplexity 201"
  double per_second;   // examples
  double seconds_left;
  std::string unit = "images"; // what the examples are
};

/// `  42 % [########            ] <figures>  431 images/s  1:12 left`, never longer than `width`:
/// the bar gives way first, then the line is cut.
std::string bar_line(const Moment &moment, int width);

/// Draws moments on a terminal ten times a second at most; to a log it writes one every 10 % of the
/// way, and no two within five seconds.
class ProgressBar {
public:
  /// A resumed training begins at `first`; speed is measured over the steps of this run.
  ProgressBar(int64_t steps, int64_t first, int examples_per_step, std::string unit = "images",
              std::FILE *file = stderr);
  ~ProgressBar() { finish(); }
  ProgressBar(const ProgressBar &) = delete;

  /// Shows step `step` as done, if it is time to; `figures` is asked only then.
  template <typename Figures> void update(int64_t step, Figures figures) {
    if (is_time(step))
      show(step, figures());
  }
  /// Leaves the line as it is; what is printed next begins a new one.
  void finish();

private:
  using Clock = std::chrono::steady_clock;
  bool is_time(int64_t step);
  void show(int64_t step, const std::string &figures);

  int64_t steps, first;
  int examples_per_step;
  std::string unit;
  std::FILE *file;
  bool is_terminal, line_open = false;
  Clock::time_point start, shown;
  int64_t next_mark;
};

} // namespace kerf::training
