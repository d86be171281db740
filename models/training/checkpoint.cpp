// Saves and restores trainings.
#include "models/training/checkpoint.h"

#include <cerrno>
#include <cmath>
#include <cstdio>
#include <limits>
#include <stdexcept>
#include <unistd.h>

namespace kerf::training {
namespace {
constexpr double any = std::numeric_limits<double>::max();

/// "0 to 5", "5", "0 and more".
std::string spell(double least, double most) {
  char text[64];
  std::snprintf(text, sizeof text,
                most == any     ? "%.17g and more"
                : least == most ? "%.17g"
                                : "%.17g to %.17g",
                least, most);
  return text;
}

const std::string curve_prefix = "curve.";
constexpr kerf_leaf seconds_leaf{"seconds", {kDLFloat, 64, 1}, 0, nullptr, 0, sizeof(double)};
constexpr DLDataType f32{kDLFloat, 32, 1};

/// 3.2e9, a century; no training takes longer.
constexpr double most_seconds = 100 * 365.25 * 24 * 60 * 60;

template <class Number>
void require(const std::string &path, const std::string &name, const void *data, size_t bytes,
             double least, double most) {
  const auto *values = static_cast<const Number *>(data);
  for (size_t i = 0; i < bytes / sizeof(Number); ++i) {
    const auto value = static_cast<double>(values[i]);
    if (value >= least && value <= most && std::isfinite(value))
      continue;
    const std::string is = path + ": " + name + " is " + std::to_string(values[i]) +
                           " at element " + std::to_string(i);
    throw std::runtime_error(std::isfinite(value) ? is + ", outside " + spell(least, most) : is);
  }
}

/// Throws if an element of the leaf is not finite or outside the range.
void require(const std::string &path, const runtime::Section &section, const kerf_leaf &leaf,
             double least, double most) {
  const std::string name = section.prefix + leaf.name;
  const void *data = static_cast<const char *>(section.data) + leaf.offset;
  const auto is = [&](uint8_t code, uint8_t bits) {
    return leaf.dtype.code == code && leaf.dtype.bits == bits;
  };
  if (is(kDLFloat, 32))
    require<float>(path, name, data, leaf.bytes, least, most);
  else if (is(kDLFloat, 64))
    require<double>(path, name, data, leaf.bytes, least, most);
  else if (is(kDLInt, 32))
    require<int32_t>(path, name, data, leaf.bytes, least, most);
  else if (is(kDLInt, 64))
    require<int64_t>(path, name, data, leaf.bytes, least, most);
}
} // namespace

std::string shown(std::string_view text) {
  std::string shown(text.substr(0, 80));
  for (char &c : shown)
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f)
      c = '?';
  return text.size() > 80 ? shown + "..." : shown;
}

std::vector<Range> adam_ranges(const std::string &adam, int64_t steps) {
  const auto exactly = static_cast<double>(steps);
  return {{adam + ".v", 0, any}, {adam + ".t", exactly, exactly}};
}

void Checkpoint::save(const Log &log) const {
  std::vector<runtime::Section> sections = blocks;
  double seconds = log.seconds;
  sections.emplace_back("", std::span(&seconds_leaf, 1), &seconds);
  // Leaves point to shapes, and sections to leaves: both have their final places before anything
  // points there.
  std::vector<int64_t> lengths;
  std::vector<kerf_leaf> leaves;
  lengths.reserve(log.curves.size());
  leaves.reserve(log.curves.size());
  for (const auto &[name, values] : log.curves) {
    lengths.push_back(static_cast<int64_t>(values.size()));
    leaves.push_back({name.c_str(), f32, 1, &lengths.back(), 0, sizeof(float) * values.size()});
    sections.emplace_back(curve_prefix, std::span(&leaves.back(), 1),
                          const_cast<float *>(values.data()));
  }
  runtime::save(path, sections, identity);
}

bool Checkpoint::load(Log &log) {
  if (access(path.c_str(), F_OK) != 0 && errno == ENOENT)
    return false;
  const runtime::SafetensorsFile file(path);
  for (const auto &[key, value] : identity)
    if (const auto found = file.metadata(key); found != value)
      throw std::runtime_error(path + ": a checkpoint of another training: " + key + " is " +
                               (found ? shown(*found) : "not said") + " there, " + value + " here");
  std::vector<runtime::Section> sections = blocks;
  double seconds = 0;
  sections.emplace_back("", std::span(&seconds_leaf, 1), &seconds);
  // The curves are as long as the file says.
  std::map<std::string, std::vector<float>> curves;
  std::map<std::string, kerf_leaf> leaves;
  std::map<std::string, int64_t> lengths;
  for (size_t i = 0; i < file.size(); ++i) {
    const runtime::FileTensor tensor = file[i];
    if (!tensor.name.starts_with(curve_prefix) || tensor.rank != 1 || tensor.dtype_name != "F32")
      continue;
    const auto place =
        curves.emplace(tensor.name.substr(curve_prefix.size()), tensor.shape[0]).first;
    const auto length = lengths.emplace(place->first, tensor.shape[0]).first;
    const auto leaf = leaves
                          .emplace(place->first, kerf_leaf{place->first.c_str(), f32, 1,
                                                           &length->second, 0, tensor.bytes})
                          .first;
    sections.emplace_back(curve_prefix, std::span(&leaf->second, 1), place->second.data());
  }
  runtime::load(file, sections);
  for (const runtime::Section &block : blocks)
    for (const kerf_leaf &leaf : block.leaves)
      require(path, block, leaf, -any, any);
  if (!(seconds >= 0 && seconds <= most_seconds))
    throw std::runtime_error(path + ": it took " + std::to_string(seconds) + " seconds");
  log = {std::move(curves), seconds};
  return true;
}

void Checkpoint::check(std::span<const Range> ranges) const {
  for (const Range &range : ranges) {
    bool is_there = false;
    for (const runtime::Section &block : blocks)
      for (const kerf_leaf &leaf : block.leaves) {
        const std::string name = block.prefix + leaf.name;
        if (name != range.leaf && !name.starts_with(range.leaf + "."))
          continue;
        is_there = true;
        require(path, block, leaf, range.least, range.most);
      }
    if (!is_there)
      throw std::logic_error("no block has a leaf " + range.leaf);
  }
}

void Checkpoint::remove() const { unlink(path.c_str()); }

} // namespace kerf::training
