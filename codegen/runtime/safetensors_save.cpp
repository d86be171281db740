// Saving safetensors so that a crash leaves the old file or the new one.
#include "safetensors_detail.h"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <unistd.h>
#include <utility>

namespace kerf::runtime {
using namespace detail;

namespace {
struct Saved {
  std::string name;
  const kerf_leaf *leaf;
  const ElementType *type;
  const char *data;
};

std::string json(std::string_view text) {
  static constexpr char digits[] = "0123456789abcdef";
  std::string quoted = "\"";
  for (char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20) {
      quoted += "\\u00";
      quoted += digits[byte >> 4];
      quoted += digits[byte & 15];
    } else {
      if (c == '"' || c == '\\')
        quoted += '\\';
      quoted += c;
    }
  }
  return quoted + "\"";
}

/// What will be written: wide elements first, so that each lies at a multiple of its size, then by
/// name.
std::vector<Saved> collect(const std::string &path, std::span<const Section> sections) {
  std::vector<Saved> tensors;
  for (const Section &section : sections)
    for (const kerf_leaf &leaf : section.leaves) {
      Saved saved{section.prefix + leaf.name, &leaf, element_type(leaf.dtype),
                  static_cast<const char *>(section.data) + leaf.offset};
      if (!saved.type)
        throw FileError(Fault::dtype, path,
                        cat("tensor ", quoted(saved.name),
                            " has an element type without a name in the format"));
      tensors.push_back(std::move(saved));
    }
  std::ranges::sort(tensors, {}, &Saved::name);
  if (const auto twin = std::ranges::adjacent_find(tensors, {}, &Saved::name);
      twin != tensors.end())
    throw FileError(Fault::duplicate, path, cat("two tensors are named ", quoted(twin->name)));
  std::ranges::sort(tensors, {}, [](const Saved &saved) {
    return std::pair(-static_cast<int>(saved.type->bytes), std::string_view(saved.name));
  });
  return tensors;
}

std::string header_of(const std::vector<Saved> &tensors,
                      const std::map<std::string, std::string> &metadata) {
  std::string text = "{", separator;
  if (!metadata.empty()) {
    text += "\"__metadata__\":{";
    for (const auto &[key, value] : metadata)
      text += cat(std::exchange(separator, ","), json(key), ":", json(value));
    text += "}";
  }
  uint64_t offset = 0;
  for (const Saved &saved : tensors) {
    std::string shape = list(saved.leaf->shape, saved.leaf->rank);
    std::erase(shape, ' ');
    text += cat(std::exchange(separator, ","), json(saved.name), ":{\"dtype\":\"", saved.type->name,
                "\",\"shape\":", shape, ",\"data_offsets\":[", offset, ",",
                offset + saved.leaf->bytes, "]}");
    offset += saved.leaf->bytes;
  }
  text += "}";
  text.resize((text.size() + 7) / 8 * 8, ' ');
  return text;
}

/// The temporary file of a save. It disappears unless it was renamed.
class Temporary {
public:
  Temporary(const std::string &path, const SystemCalls &system)
      : path(path), temporary(path + ".tmp"), system(system),
        descriptor(
            open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0666)) {
    if (descriptor < 0)
      throw FileError(Fault::open, temporary, std::strerror(errno));
  }
  ~Temporary() {
    if (descriptor >= 0)
      close(descriptor);
    if (!renamed)
      unlink(temporary.c_str());
  }

  void write(const void *data, uint64_t bytes) {
    const char *at = static_cast<const char *>(data);
    while (bytes) {
      errno = 0;
      const ssize_t wrote = system.write(descriptor, at, std::min<uint64_t>(bytes, 1 << 30));
      if (wrote < 0 && errno == EINTR)
        continue;
      if (wrote <= 0)
        fail(cat("cannot write the last ", bytes, " bytes"));
      at += wrote;
      bytes -= static_cast<uint64_t>(wrote);
    }
  }

  void commit() {
    sync(descriptor, "fsync");
    if (close(std::exchange(descriptor, -1)) < 0)
      fail("close");
    if (system.rename(temporary.c_str(), path.c_str()) < 0)
      fail("rename");
    renamed = true;
    const size_t slash = path.rfind('/');
    const std::string folder = slash == path.npos ? "." : path.substr(0, slash + 1);
    descriptor = open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (descriptor < 0)
      fail("open the folder");
    sync(descriptor, "fsync the folder");
  }

private:
  [[noreturn]] void fail(std::string_view what) const {
    throw FileError(Fault::write, path,
                    cat(what, ": ",
                        std::string_view(errno ? std::strerror(errno) : "the system wrote nothing"),
                        renamed ? "" : "; the file is as it was"));
  }
  /// Some file systems cannot sync a folder and say EINVAL.
  void sync(int what, std::string_view text) const {
    while (system.fsync(what) < 0) {
      if (errno == EINVAL && renamed)
        return;
      if (errno != EINTR)
        fail(text);
    }
  }

  const std::string &path;
  const std::string temporary;
  const SystemCalls &system;
  int descriptor;
  bool renamed = false;
};
} // namespace

SystemCalls SystemCalls::real() { return {::write, ::fsync, ::rename}; }

void save(const std::string &path, std::span<const Section> sections,
          const std::map<std::string, std::string> &metadata, const SystemCalls &system) {
  const std::vector<Saved> tensors = collect(path, sections);
  const std::string header = header_of(tensors, metadata);
  unsigned char length[8];
  for (int i = 0; i < 8; ++i)
    length[i] = static_cast<unsigned char>(header.size() >> 8 * i);
  Temporary file(path, system);
  file.write(length, sizeof length);
  file.write(header.data(), header.size());
  for (const Saved &saved : tensors)
    file.write(saved.data, saved.leaf->bytes);
  file.commit();
}

} // namespace kerf::runtime
