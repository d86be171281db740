// Weights on disk: a strict reader of hostile files, a load report, an atomic save.
// Format: https://github.com/huggingface/safetensors (u64 header length, JSON header, data).
#pragma once

#include "abi.h"

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <sys/types.h>
#include <vector>

namespace kerf::runtime {

/// Every way a file can be refused.
enum class Fault {
  open,          // it cannot be opened, or is no regular file
  read,          // the system failed to read what the size promised
  write,         // disk full, short write, failed fsync or rename
  truncated,     // shorter than its header says
  trailing,      // longer than its header says
  header_size,   // the header's length is 0, above 100 MB, or past the end of the file
  syntax,        // not the JSON that the format allows
  utf8,          // a string that is no UTF-8
  duplicate,     // a name or field twice
  missing_field, // a tensor without dtype, shape or data_offsets
  unknown_field, // a field that the format does not have
  dtype,         // unknown element type
  rank,          // more axes than kerf has
  overflow,      // a number or product beyond 64 bits
  size,          // data_offsets do not span shape times dtype
  overlap,       // two tensors share bytes
  hole,          // bytes that belong to no tensor
  mismatch       // load: the report is not clean
};
const char *name(Fault fault);

/// what() is "<path>: <what is wrong with the numbers> (<fault>)".
struct FileError : std::runtime_error {
  FileError(Fault fault, const std::string &path, const std::string &text);
  Fault fault;
};

constexpr int max_rank = 8;

/// One tensor of a file. The name lives as long as the file.
struct FileTensor {
  std::string_view name;
  DLDataType dtype;            // BOOL is a 1-bit uint in a byte of its own; 8-bit floats are opaque
  std::string_view dtype_name; // "F32", as the file says
  int rank;
  int64_t shape[max_rank];
  uint64_t offset, bytes; // within the data
};

/// An open file whose header has passed every check. Memory: the header and less than as much
/// again, never the data.
class SafetensorsFile {
public:
  explicit SafetensorsFile(const std::string &path);
  ~SafetensorsFile();
  SafetensorsFile(const SafetensorsFile &) = delete;
  SafetensorsFile &operator=(const SafetensorsFile &) = delete;

  const std::string &source() const { return path; }
  size_t size() const { return entries.size(); }
  FileTensor operator[](size_t index) const; // in the order of the names
  /// The index of `name`, or size().
  size_t find(std::string_view name) const;
  /// The text under `key` in __metadata__, or nothing.
  std::optional<std::string_view> metadata(std::string_view key) const;
  /// Reads the bytes of tensor `index` to `destination`.
  void read(size_t index, void *destination) const;

private:
  friend struct HeaderParser;
  struct Entry { // text is named by its place in the header
    uint32_t name, name_size, shape;
    uint8_t rank, dtype;
    uint64_t begin, end;
  };
  void parse_header();
  void check_offsets(uint64_t data_bytes) const;

  std::string path;
  int descriptor = -1;
  uint64_t data_start = 0;
  std::vector<char> header;
  std::vector<Entry> entries;
  std::vector<std::pair<std::string_view, std::string_view>> texts; // by key
};

/// A stretch of memory and the tensors in it: a block, or a single array. Names in the file are
/// `prefix` + leaf name.
struct Section {
  std::string prefix;
  std::span<const kerf_leaf> leaves;
  void *data;

  Section(std::string prefix, std::span<const kerf_leaf> leaves, void *data)
      : prefix(std::move(prefix)), leaves(leaves), data(data) {}
  Section(std::string prefix, const kerf_block &block, void *data)
      : Section(std::move(prefix), {block.leaves, block.num_leaves}, data) {}
};

/// What a file and the sections disagree about; each line names the tensor and both shapes.
struct Report {
  std::vector<std::string> missing, unexpected, wrong;

  bool clean() const { return missing.empty() && unexpected.empty() && wrong.empty(); }
  std::string text() const;
};
Report compare(const SafetensorsFile &file, std::span<const Section> sections);

/// Fills the sections. Throws with the report's text, and writes nothing, unless file and sections
/// agree in every name, type and shape.
void load(const SafetensorsFile &file, std::span<const Section> sections);

/// The system calls of a save, so that tests can make each of them fail.
struct SystemCalls {
  ssize_t (*write)(int, const void *, size_t);
  int (*fsync)(int);
  int (*rename)(const char *, const char *);
  static SystemCalls real();
};

/// Writes an AtomicFile: after a crash or an error the file is the old one or the new one.
void save(const std::string &path, std::span<const Section> sections,
          const std::map<std::string, std::string> &metadata = {},
          const SystemCalls &system = SystemCalls::real());

} // namespace kerf::runtime
