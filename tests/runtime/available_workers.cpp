// How many CPUs a process may keep busy, on machines made of files.
#include "folder.h"
#include "pool_detail.h"

#include <catch2/catch.hpp>

using namespace kerf::test;

namespace {
struct Machine {
  Folder folder;

  Machine(const std::string &groups, const std::string &mounts) {
    file("proc/self/cgroup", groups);
    file("proc/self/mountinfo", "23 1 0:5 / / rw - ext4 /dev/a rw\n" + mounts);
  }
  const Machine &file(const std::string &path, const std::string &text) const {
    std::filesystem::create_directories((folder.path() / path).parent_path());
    write_file(folder / path, text);
    return *this;
  }
  uint64_t of(uint64_t cpus) const {
    return kerf::runtime::detail::within_quota(cpus, folder.path().c_str());
  }
};

const std::string v2 = "30 23 0:27 / /sys/fs/cgroup rw,nosuid shared:4 - cgroup2 cgroup2 rw\n";
} // namespace

TEST_CASE("without a quota all CPUs are there, and one at least", "[available_workers]") {
  CHECK(Machine("", "").of(12) == 12);
  CHECK(Machine("", "").of(0) == 1);
  const Machine machine("0::/a\n", v2);
  CHECK(machine.of(12) == 12); // no cpu.max: the controller is off
  CHECK(machine.file("sys/fs/cgroup/a/cpu.max", "max 100000\n").of(12) == 12);
  for (const char *nonsense : {"", "\n", "12", "x y\n", "-5 100\n", "100 0\n", "0 100000\n"})
    CHECK(machine.file("sys/fs/cgroup/a/cpu.max", nonsense).of(12) == 12);
}

TEST_CASE("a quota is rounded up", "[available_workers]") {
  const Machine machine("0::/a\n", v2);
  const auto with = [&](const char *text) {
    return machine.file("sys/fs/cgroup/a/cpu.max", text).of(12);
  };
  CHECK(with("200000 100000\n") == 2);
  CHECK(with("150000 100000\n") == 2);
  CHECK(with("200001 100000\n") == 3);
  CHECK(with("1000 100000\n") == 1);
  CHECK(with("1600000 100000\n") == 12); // more than there are
}

TEST_CASE("the groups around the process's own count too, whichever is least",
          "[available_workers]") {
  const Machine machine("0::/a/b/c\n", v2);
  machine.file("sys/fs/cgroup/a/b/c/cpu.max", "max 100000\n");
  machine.file("sys/fs/cgroup/a/b/cpu.max", "500000 100000\n");
  CHECK(machine.of(12) == 5);
  machine.file("sys/fs/cgroup/a/cpu.max", "300000 100000\n");
  CHECK(machine.of(12) == 3);
  machine.file("sys/fs/cgroup/cpu.max", "100000 100000\n"); // a container's own root
  CHECK(machine.of(12) == 1);
}

TEST_CASE("version 1, alone or beside a version 2 without the controller", "[available_workers]") {
  const std::string v1 =
      "31 23 0:29 / /sys/fs/cgroup/cpu,cpuacct rw - cgroup cgroup rw,cpu,cpuacct\n"
      "32 23 0:30 / /sys/fs/cgroup/cpuset rw - cgroup cgroup rw,cpuset\n";
  const std::string groups = "5:cpuset:/x\n4:cpuacct,cpu:/a/b\n1:name=systemd:/y\n";
  for (const bool has_v2 : {false, true}) {
    const Machine machine(groups + (has_v2 ? "0::/a\n" : ""), v1 + (has_v2 ? v2 : ""));
    CHECK(machine.of(8) == 8);
    machine.file("sys/fs/cgroup/cpu,cpuacct/a/b/cpu.cfs_quota_us", "-1\n");
    machine.file("sys/fs/cgroup/cpu,cpuacct/a/b/cpu.cfs_period_us", "100000\n");
    CHECK(machine.of(8) == 8);
    machine.file("sys/fs/cgroup/cpu,cpuacct/a/cpu.cfs_quota_us", "250000\n");
    machine.file("sys/fs/cgroup/cpu,cpuacct/a/cpu.cfs_period_us", "100000\n");
    CHECK(machine.of(8) == 3);
    machine.file("sys/fs/cgroup/cpu,cpuacct/a/b/cpu.cfs_quota_us", "150000\n");
    CHECK(machine.of(8) == 2);
    machine.file("sys/fs/cgroup/cpuset/x/cpu.cfs_quota_us", "1\n"); // another controller's
    machine.file("sys/fs/cgroup/cpuset/x/cpu.cfs_period_us", "100000\n");
    CHECK(machine.of(8) == 2);
  }
}

TEST_CASE("a container that sees its host's paths, or a part of the tree", "[available_workers]") {
  const std::string part = "31 23 0:29 /box/1 /sys/fs/cgroup/cpu rw - cgroup cgroup rw,cpu\n";
  const std::string file = "sys/fs/cgroup/cpu", period = "cpu.cfs_period_us";
  SECTION("the mount begins at the group") {
    const Machine machine("4:cpu:/box/1\n", part);
    machine.file(file + "/cpu.cfs_quota_us", "400000\n").file(file + "/" + period, "100000\n");
    CHECK(machine.of(8) == 4);
  }
  SECTION("the mount begins above the group") {
    const Machine machine("4:cpu:/box/1/in\n", part);
    machine.file(file + "/in/cpu.cfs_quota_us", "300000\n")
        .file(file + "/in/" + period, "100000\n");
    CHECK(machine.of(8) == 3);
  }
  SECTION("the mount shows another part: its top is all that there is") {
    const Machine machine("4:cpu:/box/12\n", part);
    machine.file(file + "/cpu.cfs_quota_us", "200000\n").file(file + "/" + period, "100000\n");
    CHECK(machine.of(8) == 2);
  }
  SECTION("a mount point with a space") {
    const Machine machine("0::/a\n", "30 23 0:27 / /sys/c\\040groups rw - cgroup2 cgroup2 rw\n");
    machine.file("sys/c groups/a/cpu.max", "100000 100000\n");
    CHECK(machine.of(8) == 1);
  }
}
