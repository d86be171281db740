// Files and figures of training programs.
#include "models/training/results.h"
#include "atomic_file.h"

#include <cstdio>

namespace kerf::training {

std::string Results::path(const std::string &name) {
  files.push_back(name);
  return folder + "/" + name;
}

void Results::picture(const std::string &name, const pictures::Picture &picture) {
  write_png(path(name), picture);
}

void Results::text(const std::string &name, const std::string &text) {
  runtime::AtomicFile file(path(name));
  file.write(text);
  file.commit();
}

void Results::figure(const std::string &name, int digits, double value) {
  char text[64];
  std::snprintf(text, sizeof text, "=%.*f ", digits, value);
  figures += name + text;
}

void Results::show(const std::string &name, const Log &log, int64_t count,
                   const std::string &unit) const {
  std::string list;
  for (size_t i = 0; i < files.size(); ++i)
    list += (i == 0 ? "" : i + 1 < files.size() ? ", " : " and ") + files[i];
  std::printf("%s: wrote %s to %s\n", name.c_str(), list.c_str(), folder.c_str());
  std::printf("%s: %s%s_per_second=%.0f train_seconds=%.1f\n", name.c_str(), figures.c_str(),
              unit.c_str(), static_cast<double>(count) / log.seconds, log.seconds);
}

} // namespace kerf::training
