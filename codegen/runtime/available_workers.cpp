// How many CPUs this process may keep busy: its affinity mask, and the quotas of its cgroups.
#include "pool_detail.h"

#include <errno.h>
#include <initializer_list>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace {
/// Files under /proc and /sys that are read line by line.
class Lines {
public:
  explicit Lines(const char *root, const char *path) {
    char whole[PATH_MAX];
    if (snprintf(whole, sizeof whole, "%s%s", root, path) < int(sizeof whole))
      file = fopen(whole, "re");
  }
  ~Lines() {
    if (file)
      fclose(file);
    free(line);
  }
  Lines(const Lines &) = delete;

  /// The next line without its end, or null.
  char *next() {
    if (!file || getline(&line, &capacity, file) < 0)
      return nullptr;
    line[strcspn(line, "\n")] = '\0';
    return line;
  }

private:
  FILE *file = nullptr;
  char *line = nullptr;
  size_t capacity = 0;
};

bool has_word(char *list, const char *word) {
  char *rest = nullptr;
  for (char *part = strtok_r(list, ",", &rest); part; part = strtok_r(nullptr, ",", &rest))
    if (!strcmp(part, word))
      return true;
  return false;
}

/// mountinfo writes a space as \040.
void decode(char *path) {
  char *end = path;
  for (const char *at = path; *at; ++end)
    if (unsigned code; *at == '\\' && sscanf(at + 1, "%3o", &code) == 1)
      *end = char(code), at += 4;
    else
      *end = *at++;
  *end = '\0';
}

/// A hierarchy of cgroups that can hold CPU quotas, and where this process is in it.
struct Hierarchy {
  bool is_v2;
  char group[PATH_MAX];  ///< as /proc/self/cgroup has it
  char folder[PATH_MAX]; ///< of the mount, then of one group after the other
  size_t mount_length;
};

/// The process's line of /proc/self/cgroup: "0::/a/b", and in version 1 "3:cpu,cpuacct:/a/b".
bool find_group(Hierarchy &found, const char *root) {
  Lines lines(root, "/proc/self/cgroup");
  while (char *line = lines.next()) {
    char *controllers = strchr(line, ':'),
         *path = controllers ? strchr(controllers + 1, ':') : nullptr;
    if (!path || strlen(path + 1) >= sizeof found.group)
      continue;
    *path++ = '\0';
    const bool is_v2 = !strcmp(line, "0:");
    if (is_v2 != found.is_v2 || !(is_v2 || has_word(controllers + 1, "cpu")))
      continue;
    strcpy(found.group, path);
    return true;
  }
  return false;
}

/// The line of /proc/self/mountinfo where the hierarchy is mounted:
/// "36 31 0:33 <root> <mount point> rw - cgroup cgroup rw,cpu". The group's path begins with the
/// mount's root, or the process sees nothing above its own group.
bool find_folder(Hierarchy &found, const char *root) {
  Lines lines(root, "/proc/self/mountinfo");
  while (char *line = lines.next()) {
    char top[PATH_MAX], point[PATH_MAX], type[16], options[1024];
    static_assert(PATH_MAX == 4096);
    const char *second = strstr(line, " - ");
    if (!second || sscanf(line, "%*s %*s %*s %4095s %4095s", top, point) != 2 ||
        sscanf(second, " - %15s %*s %1023s", type, options) != 2 ||
        strcmp(type, found.is_v2 ? "cgroup2" : "cgroup") ||
        !(found.is_v2 || has_word(options, "cpu")))
      continue;
    decode(top);
    decode(point);
    const size_t length = strcmp(top, "/") ? strlen(top) : 0;
    const bool is_below =
        !strncmp(found.group, top, length) && (found.group[length] == '/' || !found.group[length]);
    const char *below = is_below && strcmp(found.group + length, "/") ? found.group + length : "";
    found.mount_length = strlen(point);
    if (snprintf(found.folder, sizeof found.folder, "%s%s", point, below) <
        int(sizeof found.folder))
      return true;
  }
  return false;
}

/// A number of a file, or `otherwise` where there is none.
long long number(const char *root, const char *folder, const char *file, long long otherwise) {
  char path[PATH_MAX];
  if (snprintf(path, sizeof path, "%s/%s", folder, file) >= int(sizeof path))
    return otherwise;
  Lines lines(root, path);
  const char *line = lines.next();
  long long value = 0;
  return line && sscanf(line, "%lld", &value) == 1 ? value : otherwise;
}

/// CPU time per time that a group may use, rounded up; no less than 1.
uint64_t cpus_of(long long quota, long long period, uint64_t otherwise) {
  if (quota <= 0 || period <= 0)
    return otherwise;
  return static_cast<uint64_t>((quota - 1) / period + 1);
}

uint64_t quota_of(const Hierarchy &hierarchy, const char *root, uint64_t otherwise) {
  if (!hierarchy.is_v2)
    return cpus_of(number(root, hierarchy.folder, "cpu.cfs_quota_us", -1),
                   number(root, hierarchy.folder, "cpu.cfs_period_us", -1), otherwise);
  char path[PATH_MAX];
  if (snprintf(path, sizeof path, "%s/cpu.max", hierarchy.folder) >= int(sizeof path))
    return otherwise;
  Lines lines(root, path);
  const char *line = lines.next();
  long long quota = -1, period = -1;
  if (!line || sscanf(line, "%lld %lld", &quota, &period) != 2) // "max 100000"
    return otherwise;
  return cpus_of(quota, period, otherwise);
}

uint64_t cpus_of_affinity_mask() {
  // 65,536 CPUs: the system call writes as much as it knows, where libc's cpu_set_t ends at 1,024.
  unsigned long mask[1024];
  const long bytes = syscall(SYS_sched_getaffinity, 0, sizeof mask, mask);
  uint64_t cpus = 0;
  for (long i = 0; i < bytes / long(sizeof *mask); ++i)
    cpus += static_cast<uint64_t>(__builtin_popcountl(mask[i]));
  return cpus;
}
} // namespace

uint64_t kerf::runtime::detail::within_quota(uint64_t cpus, const char *root) {
  for (bool is_v2 : {true, false}) {
    Hierarchy hierarchy;
    hierarchy.is_v2 = is_v2;
    if (!find_group(hierarchy, root) || !find_folder(hierarchy, root))
      continue;
    for (;;) { // the group, then those around it
      const uint64_t quota = quota_of(hierarchy, root, cpus);
      cpus = quota < cpus ? quota : cpus;
      char *last = strrchr(hierarchy.folder, '/');
      if (!last || strlen(hierarchy.folder) <= hierarchy.mount_length)
        break;
      *last = '\0';
    }
  }
  return cpus ? cpus : 1;
}

extern "C" uint64_t kerf_available_workers(void) {
  const int before = errno;
  const uint64_t cpus = kerf::runtime::detail::within_quota(cpus_of_affinity_mask(), "");
  errno = before;
  return cpus < KERF_MAX_WORKERS ? cpus : KERF_MAX_WORKERS;
}
