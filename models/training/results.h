// What a training program leaves behind.
#pragma once

#include "models/pictures/picture.h"
#include "models/training/checkpoint.h"

namespace kerf::training {

/// Files in the program's folder, and the figures of its last line.
class Results {
public:
  explicit Results(std::string folder) : folder(std::move(folder)) {}

  void picture(const std::string &name, const pictures::Picture &picture);
  /// As an AtomicFile.
  void text(const std::string &name, const std::string &text);
  /// As `weights.safetensors`, unless another name is given.
  template <class Params>
  void weights(kerf::Block<Params> &params, const std::string &name = "weights.safetensors") {
    save_weights(path(name), params);
  }
  /// `figure("test_mse", 6, 0.0048)` is said as test_mse=0.004800.
  void figure(const std::string &name, int digits, double value);

  /// Says what was written; then, as the last line, the figures, and how many of `unit`, "images"
  /// say, were trained on in a second.
  void show(const std::string &name, const Log &log, int64_t count, const std::string &unit) const;

private:
  std::string path(const std::string &name);
  std::string folder;
  std::vector<std::string> files;
  std::string figures; // "test_mse=0.004800 "
};

} // namespace kerf::training
