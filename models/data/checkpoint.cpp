// Saves and restores trainings.
#include "checkpoint.h"

#include <cerrno>
#include <cmath>
#include <stdexcept>
#include <unistd.h>

namespace kerf::data {
namespace {
const std::string curve_prefix = "curve.";
constexpr kerf_leaf seconds_leaf{"seconds", {kDLFloat, 64, 1}, 0, nullptr, 0, sizeof(double)};
constexpr DLDataType f32{kDLFloat, 32, 1};

/// Throws if an element of `section` is not finite.
template <class Float>
void require_finite(const std::string &path, const runtime::Section &section,
                    const kerf_leaf &leaf) {
  const auto *values =
      reinterpret_cast<const Float *>(static_cast<const char *>(section.data) + leaf.offset);
  for (size_t i = 0; i < leaf.bytes / sizeof(Float); ++i)
    if (!std::isfinite(values[i]))
      throw std::runtime_error(path + ": " + section.prefix + leaf.name + " is " +
                               std::to_string(values[i]) + " at element " + std::to_string(i));
}

void require_finite(const std::string &path, const runtime::Section &section) {
  for (const kerf_leaf &leaf : section.leaves)
    if (leaf.dtype.code == kDLFloat && leaf.dtype.bits == 32)
      require_finite<float>(path, section, leaf);
    else if (leaf.dtype.code == kDLFloat && leaf.dtype.bits == 64)
      require_finite<double>(path, section, leaf);
}
} // namespace

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
                               (found ? std::string(*found) : "not said") + " there, " + value +
                               " here");
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
    require_finite(path, block);
  if (!(seconds >= 0 && std::isfinite(seconds)))
    throw std::runtime_error(path + ": it took " + std::to_string(seconds) + " seconds");
  log = {std::move(curves), seconds};
  return true;
}

void Checkpoint::remove() const { unlink(path.c_str()); }

} // namespace kerf::data
