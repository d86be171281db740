// A training on disk, whole: blocks, the curves so far, the seconds it took. One safetensors file,
// replaced atomically.
#pragma once

#include "kerf_runtime.hpp"
#include "safetensors.h"

#include <map>
#include <span>
#include <string>
#include <vector>

namespace kerf::training {

/// What a training collects beside its blocks.
struct Log {
  std::map<std::string, std::vector<float>> curves; // by name, one value per step
  double seconds = 0;                               // spent in steps, over all runs
};

/// Text of a file in a message: short, and without control characters, which a screen might obey.
std::string shown(std::string_view text);

/// What the elements of a leaf may be, or those of all leaves in a group: `leaf` is its name in the
/// file.
struct Range {
  std::string leaf;
  double least, most;
};

/// What Adam's state in the group `adam` can be after so many steps of it.
std::vector<Range> adam_ranges(const std::string &adam, int64_t steps);

class Checkpoint {
public:
  /// `identity` says what must be equal for a training to go on from a file: the model, the seed,
  /// the schedule, the content of the data.
  Checkpoint(std::string path, std::map<std::string, std::string> identity)
      : path(std::move(path)), identity(std::move(identity)) {}

  /// Makes a role part of the checkpoint; it must outlive this.
  template <class Content> void add(kerf::Block<Content> &block) {
    const kerf_block &table = kerf::table<Content>();
    blocks.emplace_back(std::string(table.name) + ".", table, block.data());
  }

  void save(const Log &log) const;
  /// Fills the blocks and `log`; false if there is no file. Throws std::runtime_error for one that
  /// is broken, belongs to another training, or holds a number that no training leaves behind: a
  /// weight that is not finite, a negative time.
  bool load(Log &log);
  /// Throws std::runtime_error for the first element of the blocks that is outside its range.
  void check(std::span<const Range> ranges) const;
  const std::string &file() const { return path; }
  void remove() const;

private:
  std::string path;
  std::map<std::string, std::string> identity;
  std::vector<runtime::Section> blocks;
};

/// The parameters alone, under the names that PyTorch gives them.
template <class Params> void save_weights(const std::string &path, kerf::Block<Params> &params) {
  runtime::save(path, std::vector<runtime::Section>{{"", kerf::table<Params>(), params.data()}},
                {{"format", "pt"}});
}

} // namespace kerf::training
