// What all training programs do around their steps: go on from a checkpoint, show a bar, stop at
// Ctrl-C with a checkpoint behind them, keep other runs out of their folder.
#pragma once

#include "checkpoint.h"

namespace kerf::data {

/// What a person may ask of a training program.
struct TrainingOptions {
  std::string data, output;
  uint64_t seed = 0;
  int64_t steps = 0; // at which to stop
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

/// What a program's training is, apart from its steps.
struct TrainingPlan {
  std::string name;                            // of the model
  int64_t schedule;                            // all steps that there are
  int64_t step_size;                           // examples per step …
  std::string unit;                            // … and what they are: "images"
  std::map<std::string, std::string> identity; // what must be equal to go on, beside name, seed and
                                               // schedule: the content of the data, the recipe
  std::map<std::string, Phase> curves;         // what is noted at every step, the loss apart
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
  /// What the numbers in the blocks can be after `done()` steps.
  virtual std::vector<Range> ranges() const = 0;
  /// What the bar shows.
  virtual std::string figures() const = 0;

  /// Notes a value of this step, NAN where there is none.
  void note(const std::string &curve, float value) { log.curves[curve].push_back(value); }
  /// Notes the loss; one that is not finite ends the training.
  void note_loss(float loss);
  /// The mean of a curve over the last steps, so that it can be read while it changes.
  double recent(const std::string &curve) const;

  const TrainingOptions options;
  const TrainingPlan plan;
  Checkpoint checkpoint; // the derived class adds its blocks

private:
  void begin();
  bool goes_on();
  void check_loaded() const;
  void check_curve(const std::string &name, Phase phase) const;
};

} // namespace kerf::data
