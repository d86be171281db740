// Learning rates as functions of the number of steps done, an i64 scalar: f64 scalars for the
// option `rate` of optimizers. Those of torch.optim.lr_scheduler, in closed form. Include beside
// <kerf/kerf.h>.
#pragma once

#include "kerf/train.h"

#include <numbers>

namespace kerf {

namespace detail {

/// How much of a phase of `steps` steps that begins at `first` is done, in [0, 1]; of 0 steps, all.
auto part_done(const Operand auto &step, double first, double steps) {
  const auto done = cast<f64>(step) - first;
  return select(done < steps, maximum(done / steps, 0), 1);
}
/// From `from` to `to` along half a cosine, of which `part` is done.
auto along_cosine(const auto &part, double from, double to) {
  return to + (from - to) / 2 * (1 + cos(std::numbers::pi * part));
}

} // namespace detail

/// base factor for `steps` steps, then base.   [ConstantLR]
auto constant_rate(const Operand auto &step, double base, double factor, std::int64_t steps) {
  return base * select(step < steps, factor + 0 * cast<f64>(step), 1);
}

/// From base first to base last, linear over `steps` steps; of 0 steps base last.   [LinearLR]
auto linear_rate(const Operand auto &step, double base, double first, double last,
                 std::int64_t steps) {
  return base * (first + (last - first) * detail::part_done(step, 0, double(steps)));
}

/// From base to `least` along half a cosine of `steps` steps, then least; of 0 steps least.
/// [CosineAnnealingLR; Loshchilov 2017]
auto cosine_rate(const Operand auto &step, double base, std::int64_t steps, double least = 0) {
  return detail::along_cosine(detail::part_done(step, 0, double(steps)), base, least);
}

/// A factor of another rate: (step + 1) / steps, at most 1; of 0 steps 1.
auto warm_up(const Operand auto &step, std::int64_t steps) {
  return detail::part_done(step, -1, double(steps));
}

/// Up from most / divisor to most in `warm`, 0 to 1, of `steps` steps, then down to most / (divisor
/// last_divisor), along half cosines.   [OneCycleLR; Smith 2018]
auto one_cycle_rate(const Operand auto &step, double most, std::int64_t steps, double warm = 0.3,
                    double divisor = 25, double last_divisor = 1e4) {
  const double peak = warm * double(steps) - 1, end = double(steps) - 1;
  return select(cast<f64>(step) <= peak,
                detail::along_cosine(detail::part_done(step, 0, peak), most / divisor, most),
                detail::along_cosine(detail::part_done(step, peak, end - peak), most,
                                     most / divisor / last_divisor));
}

/// base min((step + 1) / warm_up, sqrt(warm_up / (step + 1))): linear up to base, then down as the
/// inverse square root.   [Vaswani 2017, eq. 3, which has base = 1 / sqrt(width warm_up)]
auto inverse_sqrt_rate(const Operand auto &step, double base, std::int64_t warm_up) {
  const auto steps = cast<f64>(step) + 1;
  return base * minimum(steps / double(warm_up), sqrt(double(warm_up) / steps));
}

/// base factor^floor(step / every).   [StepLR]
auto step_rate(const Operand auto &step, double base, std::int64_t every, double factor = 0.1) {
  return base * exp(std::log(factor) * floor(cast<f64>(step) / double(every)));
}

} // namespace kerf
