// Opening a safetensors file, checking what its header claims, and loading from it.
#include "safetensors_detail.h"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <numeric>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace kerf::runtime {
using namespace detail;

namespace {
constexpr uint64_t max_header = 100'000'000;

/// Whole reads and writes over the interrupted and partial ones that the system allows itself.
/// Returns the bytes moved; fewer than asked for means the end of the file, or errno.
uint64_t read_fully(int descriptor, void *destination, uint64_t bytes, uint64_t offset) {
  uint64_t done = 0;
  while (done < bytes) {
    const ssize_t got =
        pread(descriptor, static_cast<char *>(destination) + done,
              std::min<uint64_t>(bytes - done, 1 << 30), static_cast<off_t>(offset + done));
    if (got < 0 && errno == EINTR)
      continue;
    if (got <= 0)
      break;
    done += static_cast<uint64_t>(got);
  }
  return done;
}
} // namespace

const char *name(Fault fault) {
  static constexpr const char *names[] = {
      "open",   "read",     "write",     "truncated",     "trailing",      "header_size",
      "syntax", "utf8",     "duplicate", "missing_field", "unknown_field", "dtype",
      "rank",   "overflow", "size",      "overlap",       "hole",          "mismatch"};
  return names[static_cast<size_t>(fault)];
}

FileError::FileError(Fault fault, const std::string &path, const std::string &text)
    : std::runtime_error(cat(path, ": ", text, " (", name(fault), ")")), fault(fault) {}
SafetensorsFile::SafetensorsFile(const std::string &path) : path(path) {
  // Owns the descriptor until the constructor has ended: a destructor does not run for half an
  // object.
  struct Opened {
    int descriptor;
    ~Opened() {
      if (descriptor >= 0)
        close(descriptor);
    }
  } opened{open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)};
  struct stat status;
  if (opened.descriptor < 0 || fstat(opened.descriptor, &status) < 0)
    throw FileError(Fault::open, path, std::strerror(errno));
  if (!S_ISREG(status.st_mode))
    throw FileError(Fault::open, path, "not a regular file");
  const auto file_bytes = static_cast<uint64_t>(status.st_size);

  unsigned char length[8];
  if (file_bytes < sizeof length)
    throw FileError(Fault::truncated, path,
                    cat("the file has ", file_bytes, " bytes, too few for the header's length"));
  if (read_fully(opened.descriptor, length, sizeof length, 0) != sizeof length)
    throw FileError(Fault::read, path, "cannot read the header's length");
  uint64_t header_bytes = 0;
  for (int i = 7; i >= 0; --i)
    header_bytes = header_bytes << 8 | length[i];
  if (header_bytes < 2 || header_bytes > max_header)
    throw FileError(Fault::header_size, path,
                    cat("the header claims ", header_bytes, " bytes, want 2 to ", max_header));
  if (header_bytes > file_bytes - sizeof length)
    throw FileError(Fault::truncated, path,
                    cat("the header claims ", header_bytes, " bytes, the file has ",
                        file_bytes - sizeof length, " after the length"));
  header.resize(header_bytes);
  if (read_fully(opened.descriptor, header.data(), header_bytes, sizeof length) != header_bytes)
    throw FileError(Fault::read, path, "cannot read the header");
  if (header[0] != '{')
    throw FileError(Fault::syntax, path, "the header does not begin with '{'");
  parse_header();
  data_start = sizeof length + header_bytes;
  check_offsets(file_bytes - data_start);
  descriptor = std::exchange(opened.descriptor, -1);
}

SafetensorsFile::~SafetensorsFile() {
  if (descriptor >= 0)
    close(descriptor);
}

/// The tensors, in the order of their offsets, cover the data exactly: no overlap, no hole, nothing
/// behind.
void SafetensorsFile::check_offsets(uint64_t data_bytes) const {
  std::vector<uint32_t> order(entries.size());
  std::iota(order.begin(), order.end(), 0u);
  std::ranges::sort(order, {},
                    [this](uint32_t i) { return std::pair(entries[i].begin, entries[i].end); });
  uint64_t covered = 0;
  for (uint32_t i : order) {
    const Entry &entry = entries[i];
    const std::string_view tensor(header.data() + entry.name, entry.name_size);
    if (entry.begin < covered)
      throw FileError(Fault::overlap, path,
                      cat("tensor ", quoted(tensor), " begins at ", entry.begin,
                          ", inside another that ends at ", covered));
    if (entry.begin > covered)
      throw FileError(Fault::hole, path,
                      cat("bytes ", covered, " to ", entry.begin, " before tensor ", quoted(tensor),
                          " belong to no tensor"));
    covered = entry.end;
  }
  if (covered != data_bytes)
    throw FileError(covered > data_bytes ? Fault::truncated : Fault::trailing, path,
                    cat("the tensors take ", covered, " bytes, the file has ", data_bytes,
                        " after the header"));
}

FileTensor SafetensorsFile::operator[](size_t index) const {
  const Entry &entry = entries[index];
  const ElementType &type = element_types[entry.dtype];
  FileTensor tensor{{header.data() + entry.name, entry.name_size},
                    type.dtype,
                    type.name,
                    entry.rank,
                    {},
                    entry.begin,
                    entry.end - entry.begin};
  // The text was checked when the file was opened.
  const char *at = header.data() + entry.shape;
  for (int axis = 0; axis < entry.rank; ++axis) {
    while (*at < '0' || *at > '9')
      ++at;
    for (; *at >= '0' && *at <= '9'; ++at)
      tensor.shape[axis] = tensor.shape[axis] * 10 + (*at - '0');
  }
  return tensor;
}

size_t SafetensorsFile::find(std::string_view name) const {
  const auto name_of = [this](const Entry &entry) {
    return std::string_view(header.data() + entry.name, entry.name_size);
  };
  const auto found = std::ranges::lower_bound(entries, name, {}, name_of);
  return found != entries.end() && name_of(*found) == name
             ? static_cast<size_t>(found - entries.begin())
             : entries.size();
}

std::optional<std::string_view> SafetensorsFile::metadata(std::string_view key) const {
  const auto found =
      std::ranges::lower_bound(texts, key, {}, [](const auto &text) { return text.first; });
  if (found == texts.end() || found->first != key)
    return std::nullopt;
  return found->second;
}

void SafetensorsFile::read(size_t index, void *destination) const {
  const Entry &entry = entries.at(index);
  const uint64_t bytes = entry.end - entry.begin;
  errno = 0;
  if (const uint64_t got = read_fully(descriptor, destination, bytes, data_start + entry.begin);
      got != bytes)
    throw FileError(
        Fault::read, path,
        cat("read ", got, " of ", bytes, " bytes of tensor ",
            quoted({header.data() + entry.name, entry.name_size}), ": ",
            std::string_view(errno ? std::strerror(errno) : "the file became shorter")));
}

std::string Report::text() const {
  std::string text;
  const auto lines = [&](std::string_view title, const std::vector<std::string> &names) {
    constexpr size_t shown = 20;
    for (size_t i = 0; i < std::min(names.size(), shown); ++i)
      text += cat("\n  ", title, ": ", names[i]);
    if (names.size() > shown)
      text += cat("\n  ", title, ": ", names.size() - shown, " more");
  };
  lines("missing", missing);
  lines("unexpected", unexpected);
  lines("wrong", wrong);
  return text;
}

Report compare(const SafetensorsFile &file, std::span<const Section> sections) {
  Report report;
  std::vector<bool> expected(file.size());
  for (const Section &section : sections)
    for (const kerf_leaf &leaf : section.leaves) {
      const std::string full = section.prefix + leaf.name;
      const size_t index = file.find(full);
      const ElementType *type = element_type(leaf.dtype);
      const std::string want =
          cat(type ? type->name : "a type without a name", " ", list(leaf.shape, leaf.rank));
      if (index == file.size()) {
        report.missing.push_back(cat(quoted(full), ", ", want));
        continue;
      }
      expected[index] = true;
      const FileTensor tensor = file[index];
      const std::string got = cat(tensor.dtype_name, " ", list(tensor.shape, tensor.rank));
      if (got != want || tensor.bytes != leaf.bytes)
        report.wrong.push_back(cat(quoted(full), " is ", got, " in the file, want ", want));
    }
  for (size_t i = 0; i < file.size(); ++i)
    if (!expected[i])
      report.unexpected.push_back(quoted(file[i].name));
  return report;
}

void load(const SafetensorsFile &file, std::span<const Section> sections) {
  if (const Report report = compare(file, sections); !report.clean())
    throw FileError(Fault::mismatch, file.source(),
                    "the file does not fit the model:" + report.text() + "\n ");
  for (const Section &section : sections)
    for (const kerf_leaf &leaf : section.leaves)
      file.read(file.find(section.prefix + leaf.name),
                static_cast<char *>(section.data) + leaf.offset);
}

} // namespace kerf::runtime
