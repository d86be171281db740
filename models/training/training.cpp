// Runs trainings.
#include "models/training/training.h"
#include "models/training/interrupt.h"
#include "models/training/progress.h"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <numeric>
#include <stdexcept>
#include <sys/file.h>
#include <unistd.h>

namespace kerf::training {

FolderLock::FolderLock(const std::string &folder)
    : descriptor(open((folder + "/lock").c_str(),
                      O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0666)) {
  if (descriptor < 0) // ENXIO: a pipe of that name, ELOOP: a link
    throw std::runtime_error(folder + "/lock: cannot open it: " + std::strerror(errno));
  if (flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
    close(descriptor);
    throw std::runtime_error(
        folder + ": another run is at work there; wait for it, or choose another --output");
  }
}
FolderLock::~FolderLock() { close(descriptor); }

namespace {
std::map<std::string, std::string> identity(const TrainingOptions &options,
                                            const TrainingPlan &plan) {
  std::map<std::string, std::string> identity = plan.identity;
  identity["model"] = plan.name;
  identity["seed"] = std::to_string(options.seed);
  identity["schedule"] = std::to_string(plan.schedule) + " steps of " +
                         std::to_string(plan.step_size) + " " + plan.unit;
  return identity;
}
} // namespace

Training::Training(const TrainingOptions &options, TrainingPlan plan)
    : options(options), plan(std::move(plan)),
      checkpoint(options.output + "/checkpoint.safetensors", identity(options, this->plan)) {}

bool Training::run() {
  begin();
  ProgressBar bar(options.steps, done(), static_cast<int>(plan.step_size), plan.unit);
  const Interrupt interrupt;
  auto saved = std::chrono::steady_clock::now();
  while (done() < options.steps) {
    const auto start = std::chrono::steady_clock::now();
    step();
    const auto end = std::chrono::steady_clock::now();
    log.seconds += std::chrono::duration<double>(end - start).count();
    bar.update(done(), [this] { return figures(); });
    if (interrupt) {
      checkpoint.save(log);
      bar.finish();
      std::printf("%s: stopped after step %lld of %lld; the same command goes on from here\n",
                  plan.name.c_str(), static_cast<long long>(done()),
                  static_cast<long long>(options.steps));
      return false;
    }
    if (end - saved > std::chrono::seconds(30)) {
      checkpoint.save(log);
      saved = std::chrono::steady_clock::now();
    }
  }
  checkpoint.save(log); // what follows may be interrupted too
  return true;
}

void Training::forget() const {
  if (done() == plan.schedule)
    checkpoint.remove();
}

void Training::note(float loss, const std::map<std::string, float> &values) {
  if (!std::isfinite(loss))
    throw std::runtime_error("the loss is " + std::to_string(loss) + " at step " +
                             std::to_string(done()) + "; the last checkpoint was not overwritten");
  log.curves["loss"].push_back(loss);
  for (const auto &[name, phase] : plan.curves) {
    const auto value = values.find(name);
    log.curves[name].push_back(value != values.end() ? value->second : NAN);
  }
}

/// The mean of a curve over the last steps, so that it can be read while it changes.
double Training::recent(const std::string &curve) const {
  const std::vector<float> &values = log.curves.at(curve);
  const auto count = std::min<std::ptrdiff_t>(20, std::ssize(values));
  return std::accumulate(values.end() - count, values.end(), 0.0) / static_cast<double>(count);
}

std::string Training::figures() const {
  char text[64];
  std::snprintf(text, sizeof text, "  loss %.4f", recent("loss"));
  std::string figures = phase() + text;
  if (!plan.curves.contains("perplexity"))
    return figures;
  if (const double perplexity = recent("perplexity"); std::isfinite(perplexity)) {
    std::snprintf(text, sizeof text, "  perplexity %.0f", perplexity);
    figures += text;
  }
  return figures;
}

int64_t Optimizer::steps_of(int64_t done) const {
  int64_t begin = begins.front();
  for (int64_t next : begins)
    if (next < done)
      begin = next;
  return std::max<int64_t>(0, std::min(done, end) - begin);
}

/// What the numbers in the blocks can be after the steps that are done.
std::vector<Range> Training::ranges() const {
  std::vector<Range> ranges;
  for (const Optimizer &optimizer : plan.optimizers)
    for (Range &range : adam_ranges(optimizer.group, optimizer.steps_of(done())))
      ranges.push_back(std::move(range));
  ranges.insert(ranges.end(), plan.ranges.begin(), plan.ranges.end());
  return ranges;
}

/// A curve has one value per step, and a finite one just where its phase is.
void Training::check_curve(const std::string &name, Phase phase) const {
  const auto refuse = [&](const std::string &what) {
    throw std::runtime_error(checkpoint.file() + ": it is at step " + std::to_string(done()) +
                             ", but its curve '" + name + "' " + what);
  };
  const auto curve = log.curves.find(name);
  if (curve == log.curves.end() && done() == 0)
    return;
  if (curve == log.curves.end())
    refuse("is not there");
  const std::vector<float> &values = curve->second;
  if (std::ssize(values) != done())
    refuse("has " + std::to_string(values.size()) + " values");
  for (int64_t step = 0; step < done(); ++step) {
    const float value = values[static_cast<size_t>(step)];
    const bool has_value = step >= phase.begin && step < phase.end;
    if (has_value ? !std::isfinite(value) : !std::isnan(value))
      refuse("is " + std::to_string(value) + " at step " + std::to_string(step) +
             (has_value ? "" : ", where there is none"));
  }
}

/// Numbers that no training leaves behind would be gone on with in vain.
void Training::check_loaded() const {
  const auto refuse = [this](const std::string &what) {
    throw std::runtime_error(checkpoint.file() + ": " + what);
  };
  if (done() < 0 || done() > plan.schedule)
    refuse("it is at step " + std::to_string(done()) + ", but the schedule is 0 to " +
           std::to_string(plan.schedule));
  check_curve("loss", {0, plan.schedule});
  for (const auto &[name, phase] : plan.curves)
    check_curve(name, phase);
  for (const auto &[name, values] : log.curves)
    if (name != "loss" && !plan.curves.contains(name))
      refuse("it has a curve '" + shown(name) + "', which this training does not");
  checkpoint.check(ranges());
  if (done() > options.steps)
    refuse("it is at step " + std::to_string(done()) + " already, past --steps " +
           std::to_string(options.steps));
}

/// Is there a checkpoint to go on from? One that cannot be used is not overwritten unasked.
bool Training::goes_on() {
  try {
    if (!checkpoint.load(log))
      return false;
    check_loaded();
    return true;
  } catch (const std::runtime_error &error) {
    throw std::runtime_error(std::string(error.what()) +
                             "; --fresh begins anew and overwrites it, another --output keeps it");
  }
}

void Training::begin() {
  if (!options.fresh && goes_on()) {
    std::printf("%s: going on after step %lld\n", plan.name.c_str(),
                static_cast<long long>(done()));
    return;
  }
  log = {};
  init();
}

} // namespace kerf::training
