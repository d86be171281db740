// What a generator makes of the same points while it learns.
#pragma once

#include "models/images/crops.h"

namespace kerf::images {

/// The first images of a batch at some moments of a training, a row for each.
class Stages {
public:
  Stages(int64_t steps, int rows, int columns) : steps(steps), rows(rows), columns(columns) {}

  /// Is a row due after so many steps? One is after the last step of the schedule.
  bool due(int64_t done) const { return done * rows / steps > (done - 1) * rows / steps; }
  bool has(int64_t done) const { return done == last; }
  /// What was made after so many steps.
  template <int64_t Batch> void add(int64_t done, const data::Images<Batch> &images) {
    crops.add(data::ConstImageRows(images).first_rows(columns));
    last = done;
  }
  /// Of this run; a training that goes on has no rows of before.
  pictures::Picture picture() const { return grid(crops, columns); }

private:
  int64_t steps, last = -1;
  int rows, columns;
  Crops crops;
};

} // namespace kerf::images
