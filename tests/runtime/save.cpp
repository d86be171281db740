// Saving weights: whatever fails, and wherever the process dies, the file is the old one or the new
// one.
#include "folder.h"
#include "safetensors.h"

#include <catch2/catch.hpp>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <sys/wait.h>
#include <unistd.h>

using namespace kerf::runtime;
using namespace kerf::test;

namespace {
constexpr int64_t shape[] = {1000};
constexpr kerf_leaf leaf{"w", {kDLFloat, 32, 1}, 1, shape, 0, 4000};

void save_value(const std::string &path, float value,
                const SystemCalls &system = SystemCalls::real()) {
  std::vector<float> values(1000, value);
  save(path, std::vector<Section>{{"", {&leaf, 1}, values.data()}}, {}, system);
}
float load_value(const std::string &path) {
  std::vector<float> values(1000);
  load(SafetensorsFile(path), std::vector<Section>{{"", {&leaf, 1}, values.data()}});
  for (float value : values)
    REQUIRE(value == values[0]);
  return values[0];
}

/// System calls of which number `at` goes wrong, in the way `how` says.
enum class How { error, die };
int calls, at, error_number;
How how;
bool goes_wrong() {
  if (calls++ != at)
    return false;
  if (how == How::die)
    _exit(42);
  errno = error_number;
  return true;
}
SystemCalls faulty() {
  return {[](int file, const void *data, size_t bytes) -> ssize_t {
            return goes_wrong() ? -1 : ::write(file, data, bytes);
          },
          [](int file) { return goes_wrong() ? -1 : ::fsync(file); },
          [](const char *from, const char *to) { return goes_wrong() ? -1 : ::rename(from, to); }};
}

int count_calls(const std::string &path) {
  calls = 0, at = -1;
  save_value(path, 0, faulty());
  return calls;
}
} // namespace

TEST_CASE("each failing system call leaves the old file and no temporary", "[safetensors]") {
  Folder folder;
  const std::string path = folder / "weights.safetensors";
  const int number = count_calls(path);
  REQUIRE(number == 6); // length, header, data, fsync, rename, fsync of the folder
  how = How::error;
  for (int error : {ENOSPC, EIO, EDQUOT})
    for (int i = 0; i < number; ++i) {
      save_value(path, 1);
      calls = 0, at = i, error_number = error;
      INFO("call " << i << ": " << std::strerror(error));
      CHECK_THROWS_WITH(save_value(path, 2, faulty()),
                        Catch::Contains(std::strerror(error)) && Catch::Contains("(write)"));
      CHECK(load_value(path) == (i < number - 1 ? 1 : 2)); // the last comes after the rename
      CHECK(!std::filesystem::exists(path + ".tmp"));
    }
}

TEST_CASE("an interrupted or short call is continued", "[safetensors]") {
  Folder folder;
  const std::string path = folder / "weights.safetensors";
  how = How::error;
  for (int i : {0, 1, 2, 3, 5}) { // rename is never interrupted
    calls = 0, at = i, error_number = EINTR;
    save_value(path, static_cast<float>(i), faulty());
    CHECK(load_value(path) == static_cast<float>(i));
  }
  SystemCalls drops = SystemCalls::real();
  drops.write = [](int file, const void *data, size_t bytes) {
    return ::write(file, data, bytes > 7 ? 7 : bytes);
  };
  save_value(path, 9, drops);
  CHECK(load_value(path) == 9);
  drops.write = [](int, const void *, size_t) -> ssize_t { return 0; };
  CHECK_THROWS_WITH(save_value(path, 10, drops),
                    Catch::Contains("the system wrote nothing; the file is as it was"));
  CHECK(load_value(path) == 9);
}

TEST_CASE("a process that dies at any call leaves the old file or the new one", "[safetensors]") {
  Folder folder;
  const std::string path = folder / "weights.safetensors";
  const int number = count_calls(path);
  for (int i = 0; i < number; ++i) {
    save_value(path, 1);
    const pid_t child = fork();
    if (child == 0) {
      how = How::die, calls = 0, at = i;
      save_value(path, 2, faulty());
      _exit(0);
    }
    int status = 0;
    REQUIRE(waitpid(child, &status, 0) == child);
    REQUIRE((WIFEXITED(status) && WEXITSTATUS(status) == 42));
    CHECK(load_value(path) == (i < number - 1 ? 1 : 2));
  }
  save_value(path, 3); // over the temporary that was left behind
  CHECK(load_value(path) == 3);
  CHECK(!std::filesystem::exists(path + ".tmp"));
}

TEST_CASE("a folder that is not there is said", "[safetensors]") {
  Folder folder;
  CHECK_THROWS_WITH(save_value(folder / "absent/weights.safetensors", 1),
                    Catch::Contains("No such file or directory (open)"));
}

TEST_CASE("an element type without a name in the format is refused before anything is written",
          "[safetensors]") {
  Folder folder;
  const std::string path = folder / "weights.safetensors";
  const kerf_leaf vector{"w", {kDLFloat, 32, 4}, 1, shape, 0, 4000};
  CHECK_THROWS_WITH(save(path, std::vector<Section>{{"", {&vector, 1}, nullptr}}),
                    Catch::Contains("(dtype)"));
  CHECK(!std::filesystem::exists(path));
}

TEST_CASE("two tensors of one name are refused before anything is written", "[safetensors]") {
  Folder folder;
  const std::string path = folder / "weights.safetensors";
  std::vector<float> values(1000);
  const Section section{"", {&leaf, 1}, values.data()};
  CHECK_THROWS_WITH(save(path, std::vector<Section>{section, section}),
                    Catch::Contains("two tensors are named \"w\" (duplicate)"));
  CHECK(!std::filesystem::exists(path));
}
