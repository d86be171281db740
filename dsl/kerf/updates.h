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
  /// The region under construction, and the line of the call that it belongs to.
  struct Region {
    Value first; ///< values are numbered in the order in which they are made
    bool is_loop;
    Line line;
    std::size_t start = 0;
    const Region *outer = nullptr;
    std::string_view user = {};
    bool is_branch = false;
  };
  /// A value that a buffer was given, in a region or none.
  struct Update {
    Value value;
    Type type;
    Line line;
    const Region *region = nullptr;
  };

  /// Those of this thread's entry.
  static Updates &current() {
    thread_local Updates updates;
    return updates;
  }

  void begin_entry() { *this = {}; }

  /// `region` stays where it is until it is closed.
  void open(Region &region) {
    region.start = log.size();
    region.outer = innermost;
    innermost = &region;
  }

  /// Ends the region, and gives what was updated in it and is not known outside.
  std::vector<Update> close() {
    std::vector<Update> made;
    for (std::size_t i = innermost->start; i < log.size(); ++i) {
      bool is_new = log[i].region == innermost && log[i].value >= innermost->first;
      for (std::size_t k = 0; is_new && k < made.size(); ++k)
        is_new = made[k].value != log[i].value;
      if (is_new)
        made.push_back(log[i]);
    }
    innermost = innermost->outer;
    return made;
  }

  /// A buffer has a new value; the innermost region has to hand it on, if it made it.
  void add(Value value, Type type, Line line) { log.push_back({value, type, line, innermost}); }

  /// `inner` ended with its region, whose result `outer` has its value.
  void hand_on(const Update &inner, Value outer) {
    while (results.size() <= inner.value)
      results.push_back(Value(results.size()));
    results[inner.value] = outer;
    add(outer, inner.type, inner.line);
  }

  /// What stands for a handle now.
  Value now(Value value) const {
    while (value < results.size() && results[value] != value)
      value = results[value];
    return value;
  }

  /// The innermost loop around this line that `value` is older than, or null.
  const Region *loop_after(Value value) const {
    for (const Region *region = innermost; region && value < region->first; region = region->outer)
      if (region->is_loop)
        return region;
    return nullptr;
  }

  /// The innermost branch around this line that no loop of its own stands around; null if there is
  /// none.
  const Region *branch() const {
    for (const Region *region = innermost; region && !region->is_loop; region = region->outer)
      if (region->is_branch)
        return region;
    return nullptr;
  }

  /// Where a buffer was given this value, or null.
  const Line *line_of(Value value) const {
    for (std::size_t i = log.size(); i-- > 0;)
      if (log[i].value == value)
        return &log[i].line;
    return nullptr;
  }

private:
  const Region *innermost = nullptr;
  std::vector<Update> log;    ///< in the order in which they are made
  std::vector<Value> results; ///< by handle; itself where nothing else stands for it
};

} // namespace kerf::detail
