// What all training programs do around their steps: go on from a checkpoint, show a bar, stop at
// Ctrl-C with a checkpoint behind them, keep other runs out of their folder.
#pragma once

#include "models/training/checkpoint.h"

#include <limits>

namespace kerf::training {

/// What a person may ask of a training program.
struct TrainingOptions {
  std::string data, output;
  uint64_t seed = 0;
  int64_t steps = 0; // at which to stop
  uint64_t threads = kerf_available_workers();
  uint64_t cpu_features = KERF_CPU_ALL; // that steps may use
  bool fresh = false;
};

/// Keeps a second run out of the output folder, which must exist.
class FolderLock {
public:
  explicit FolderLock(const std::string &folder);
  ~FolderLock();
  FolderLock(const FolderLock &) = delete;

private:
  int descriptor;
};

/// The steps at which a curve has a value; at the others it is NAN.
struct Phase {
  int64_t begin, end;
};

/// The state of an Adam among the blocks, and which steps it counts: those done since the last of
/// `begins`, until `end`.
struct Optimizer {
  std::string group;           // of its leaves: "adam"
  std::vector<int64_t> begins; // where it begins, and where it begins anew; ascending
  int64_t end = std::numeric_limits<int64_t>::max();

  int64_t steps_of(int64_t done) const;
};

/// What a program's training is, apart from its steps.
struct TrainingPlan {
  std::string name;                            // of the model
  int64_t schedule;                            // all steps that there are
  int64_t step_size;                           // examples per step …
  std::string unit = {};                       // … and what they are: "images"
  std::map<std::string, std::string> identity; // what must be equal to go on, beside name, seed and
                                               // schedule: the content of the data, the recipe
  std::map<std::string, Phase> curves = {};    // what is noted at every step, the loss apart
  std::vector<Optimizer> optimizers = {};      // all that there are
  std::vector<Range> ranges = {};              // of other state
};

class Training {
public:
  Training(const TrainingOptions &options, TrainingPlan plan);
  virtual ~Training() = default;

  Log log;

  /// Runs to the last step; false if it was interrupted, with a checkpoint behind it.
  bool run();
  /// If the whole schedule is over, the next run begins anew.
  void forget() const;

protected:
  virtual int64_t done() const = 0; // steps
  virtual void init() = 0;
  /// One step of the recipe. What it does follows from the number of steps done, and so do its
  /// data.
  virtual void step() = 0;
  /// What the bar shows before the figures: where in the schedule the training is.
  virtual std::string phase() const = 0;

  /// Notes the values of this step; a curve of the plan that has none gets NAN. A loss that is not
  /// finite ends the training.
  void note(float loss, const std::map<std::string, float> &values);

  const TrainingOptions options;
  const TrainingPlan plan;
  Checkpoint checkpoint; // the derived class adds its blocks

private:
  void begin();
  bool goes_on();
  void check_loaded() const;
  void check_curve(const std::string &name, Phase phase) const;
  std::vector<Range> ranges() const;
  std::string figures() const;
  double recent(const std::string &curve) const;
};

} // namespace kerf::training
