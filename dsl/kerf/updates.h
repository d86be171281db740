// Buffers that an entry updates: where, and what stands for their values once the region that made
// them is closed.
#pragma once

#include "kerf/builder.h"

#include <vector>

namespace kerf::detail {

/// The updates of the entry under construction. What is made in the region of a value_and_grad ends
/// with it, so the new value of a buffer is a further result of the op; handles of the inner value,
/// which the buffer still has, stand for that result from then on.
class Updates {
public:
  using Line = std::source_location;
  /// A value that a buffer was given. Values are numbered in the order in which they are made.
  struct Update {
    Value value;
    Type type;
    Line line;
  };
  /// The region under construction, and the line of the call that it belongs to.
  struct Region {
    Value first;
    bool is_loop;
    Line line;
    std::vector<Update> updates;
  };

  /// Those of this thread's entry.
  static Updates &current() {
    thread_local Updates updates;
    return updates;
  }

  void begin_entry() { *this = {}; }
  void open(Value first, bool is_loop, Line line) { regions.push_back({first, is_loop, line, {}}); }

  /// Ends the region, and gives what was updated in it and is not known outside.
  std::vector<Update> close() {
    std::vector<Update> updates = std::move(regions.back().updates);
    regions.pop_back();
    return updates;
  }

  /// A buffer has a new value; the innermost region has to hand it on, if it made it.
  void add(const Update &update) {
    log.push_back(update);
    if (regions.empty() || update.value < regions.back().first)
      return;
    std::vector<Update> &updates = regions.back().updates;
    for (const Update &other : updates)
      if (other.value == update.value)
        return;
    updates.push_back(update);
  }

  /// `inner` ended with its region, whose result `outer` has its value.
  void hand_on(const Update &inner, Value outer) {
    while (results.size() <= inner.value)
      results.push_back(Value(results.size()));
    results[inner.value] = outer;
    add({outer, inner.type, inner.line});
  }

  /// What stands for a handle now.
  Value now(Value value) const {
    while (value < results.size() && results[value] != value)
      value = results[value];
    return value;
  }

  /// The innermost loop around this line that `value` is older than, or null.
  const Region *loop_after(Value value) const {
    for (auto region = regions.rbegin(); region != regions.rend() && value < region->first;
         ++region)
      if (region->is_loop)
        return &*region;
    return nullptr;
  }

  /// Where a buffer was given this value, or null.
  const Line *line_of(Value value) const {
    for (auto update = log.rbegin(); update != log.rend(); ++update)
      if (update->value == value)
        return &update->line;
    return nullptr;
  }

private:
  std::vector<Region> regions;
  std::vector<Update> log;
  std::vector<Value> results; ///< by handle; itself where nothing else stands for it
};

} // namespace kerf::detail
