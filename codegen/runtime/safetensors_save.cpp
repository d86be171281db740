// Saving safetensors so that a crash leaves the old file or the new one.
#include "atomic_file.h"
#include "safetensors_detail.h"

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
} // namespace

void save(const std::string &path, std::span<const Section> sections,
          const std::map<std::string, std::string> &metadata, const SystemCalls &system) {
  const std::vector<Saved> tensors = collect(path, sections);
  const std::string header = header_of(tensors, metadata);
  unsigned char length[8];
  for (int i = 0; i < 8; ++i)
    length[i] = static_cast<unsigned char>(header.size() >> 8 * i);
  AtomicFile file(path, system);
  file.write(length, sizeof length);
  file.write(header.data(), header.size());
  for (const Saved &saved : tensors)
    file.write(saved.data, saved.leaf->bytes);
  file.commit();
}

} // namespace kerf::runtime
