// A folder of a test's own, and whole files in it.
#pragma once

#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <stdlib.h>
#include <string>

namespace kerf::test {

/// Made empty, removed at the end.
class Folder {
public:
  Folder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "kerf-test-XXXXXX").string();
    if (!mkdtemp(pattern.data()))
      throw std::runtime_error("no temporary folder: " + pattern);
    folder = pattern;
  }
  ~Folder() {
    std::error_code ignored;
    std::filesystem::remove_all(folder, ignored);
  }
  Folder(const Folder &) = delete;
  std::string operator/(const std::string &name) const { return (folder / name).string(); }
  const std::filesystem::path &path() const { return folder; }

private:
  std::filesystem::path folder;
};

inline void write_file(const std::string &path, const std::string &content) {
  std::ofstream(path, std::ios::binary)
      .write(content.data(), static_cast<std::streamsize>(content.size()));
}

inline std::string read_file(const std::string &path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

} // namespace kerf::test
