// Reads IDX files that may be hostile. Decompression is our own loop over zlib, so that nothing is
// skipped in silence.
#include "models/data/idx.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <memory>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>
#include <zlib.h>

namespace kerf::data {
namespace {
// A deflate stream of n bytes holds at most 1032 n: 258 bytes from 2 bits.
constexpr uint64_t most_expansion = 1032;

/// The bytes of a file, decompressed if it is gzip.
class Source {
public:
  explicit Source(const std::string &path)
      : path(path), descriptor(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)) {
    struct stat status;
    if (descriptor < 0 || fstat(descriptor, &status) < 0)
      fail(IdxFault::open, std::strerror(errno));
    if (!S_ISREG(status.st_mode))
      fail(IdxFault::open, "not a regular file");
    file_bytes = static_cast<uint64_t>(status.st_size);
    fill();
    if (available >= 2 && input[0] == 0x1f && input[1] == 0x8b)
      start_inflating();
  }
  ~Source() {
    if (inflating)
      inflateEnd(&stream);
    if (descriptor >= 0)
      close(descriptor);
  }
  Source(const Source &) = delete;

  /// As many of `bytes` bytes as there are.
  uint64_t read(uint8_t *destination, uint64_t bytes) {
    return inflating ? inflate_some(destination, bytes) : copy_some(destination, bytes);
  }
  /// No more than this many bytes can ever come.
  uint64_t bound() const { return inflating ? file_bytes * most_expansion : file_bytes; }
  [[noreturn]] void fail(IdxFault fault, const std::string &text) {
    if (descriptor >= 0)
      close(std::exchange(descriptor, -1));
    if (std::exchange(inflating, false))
      inflateEnd(&stream);
    throw IdxError(fault, path, text);
  }

private:
  void fill() {
    ssize_t got;
    do
      got = ::read(descriptor, input.data(), input.size());
    while (got < 0 && errno == EINTR);
    if (got < 0)
      fail(IdxFault::read, std::strerror(errno));
    at = 0;
    available = static_cast<size_t>(got);
  }

  uint64_t copy_some(uint8_t *destination, uint64_t bytes) {
    uint64_t done = 0;
    while (done < bytes) {
      if (at == available)
        fill();
      if (!available)
        break;
      const size_t part = std::min<uint64_t>(bytes - done, available - at);
      std::memcpy(destination + done, input.data() + at, part);
      at += part;
      done += part;
    }
    return done;
  }

  void start_inflating() {
    constexpr int gzip_only = 15 + 16;
    if (inflateInit2(&stream, gzip_only) != Z_OK)
      fail(IdxFault::gzip, "zlib cannot start");
    inflating = true;
  }

  uint64_t inflate_some(uint8_t *destination, uint64_t bytes) {
    uint64_t done = 0;
    while (done < bytes && !ended) {
      if (at == available)
        fill();
      if (!available)
        fail(IdxFault::truncated, "the gzip stream ends early, after " +
                                      std::to_string(total + done) + " bytes of content");
      stream.next_in = input.data() + at;
      stream.avail_in = static_cast<uInt>(available - at);
      stream.next_out = destination + done;
      stream.avail_out = static_cast<uInt>(std::min<uint64_t>(bytes - done, 1 << 30));
      const uInt room = stream.avail_out;
      const int status = inflate(&stream, Z_NO_FLUSH);
      done += room - stream.avail_out;
      at = available - stream.avail_in;
      if (status == Z_STREAM_END)
        finish_member();
      else if (status != Z_OK && status != Z_BUF_ERROR)
        fail(IdxFault::gzip,
             std::string("broken gzip stream: ") + (stream.msg ? stream.msg : zError(status)));
    }
    total += done;
    return done;
  }

  /// A gzip file may be several members; anything else behind one is refused.
  void finish_member() {
    if (at == available)
      fill();
    if (!available) {
      ended = true;
      return;
    }
    if (input[at] != 0x1f)
      fail(IdxFault::gzip, "bytes that are no gzip follow the gzip stream");
    inflateReset(&stream);
  }

  std::string path;
  int descriptor;
  uint64_t file_bytes = 0, total = 0;
  std::array<uint8_t, 1 << 16> input;
  size_t at = 0, available = 0;
  bool inflating = false, ended = false;
  z_stream stream{};
};

std::string spelled(const std::vector<int64_t> &shape) {
  std::string text = "[";
  for (size_t i = 0; i < shape.size(); ++i)
    text += (i ? ", " : "") + std::to_string(shape[i]);
  return text + "]";
}

void read_header(Source &source, uint8_t *destination, uint64_t bytes, const char *what) {
  if (const uint64_t got = source.read(destination, bytes); got != bytes)
    source.fail(IdxFault::truncated, std::string(what) + " has " + std::to_string(got) + " of " +
                                         std::to_string(bytes) + " bytes");
}

/// The shape, whose product fits what the file can hold and the caller allows.
std::vector<int64_t> read_shape(Source &source, uint64_t max_bytes) {
  uint8_t magic[4];
  read_header(source, magic, sizeof magic, "the magic number");
  if (magic[0] || magic[1])
    source.fail(IdxFault::magic, "the file begins with bytes " + std::to_string(magic[0]) + ", " +
                                     std::to_string(magic[1]) + ", want 0, 0");
  if (magic[2] != 8)
    source.fail(IdxFault::type,
                "element type " + std::to_string(magic[2]) + ", want 8, unsigned bytes");
  if (magic[3] < 1 || magic[3] > 8)
    source.fail(IdxFault::rank, std::to_string(magic[3]) + " axes, want 1 to 8");
  std::vector<int64_t> shape;
  uint64_t elements = 1;
  bool too_many = false;
  for (int axis = 0; axis < magic[3]; ++axis) {
    uint8_t extent[4];
    read_header(source, extent, sizeof extent, "the shape's next extent");
    shape.push_back(int64_t(extent[0]) << 24 | extent[1] << 16 | extent[2] << 8 | extent[3]);
    too_many |= __builtin_mul_overflow(elements, static_cast<uint64_t>(shape.back()), &elements);
  }
  if (std::ranges::find(shape, 0) != shape.end())
    elements = 0, too_many = false;
  if (too_many || elements > max_bytes)
    source.fail(IdxFault::size, "shape " + spelled(shape) + " claims more than the " +
                                    std::to_string(max_bytes) + " bytes that are allowed");
  if (elements > source.bound())
    source.fail(IdxFault::truncated,
                "shape " + spelled(shape) + " claims " + std::to_string(elements) +
                    " bytes, the file can hold no more than " + std::to_string(source.bound()));
  return shape;
}
} // namespace

const char *name(IdxFault fault) {
  static constexpr const char *names[] = {"open",  "read", "gzip", "truncated", "trailing",
                                          "magic", "type", "rank", "size"};
  return names[static_cast<size_t>(fault)];
}

IdxError::IdxError(IdxFault fault, const std::string &path, const std::string &text)
    : std::runtime_error(path + ": " + text + " (" + name(fault) + ")"), fault(fault) {}

Idx read_idx(const std::string &path, uint64_t max_bytes) {
  auto source = std::make_unique<Source>(path);
  Idx idx{read_shape(*source, max_bytes), {}};
  uint64_t elements = 1;
  for (int64_t extent : idx.shape)
    elements *= static_cast<uint64_t>(extent);
  // Grow with what arrives: each round asks for as much again as is already there.
  uint64_t have = 0;
  while (have < elements) {
    const uint64_t want = std::min(elements, std::max<uint64_t>(1 << 20, 2 * have));
    idx.data.resize(want);
    const uint64_t got = source->read(idx.data.data() + have, want - have);
    have += got;
    if (have != want)
      source->fail(IdxFault::truncated, "the data has " + std::to_string(have) + " of " +
                                            std::to_string(elements) + " bytes of shape " +
                                            spelled(idx.shape));
  }
  uint8_t more;
  if (source->read(&more, 1))
    source->fail(IdxFault::trailing, "bytes follow the " + std::to_string(elements) +
                                         " bytes of shape " + spelled(idx.shape));
  return idx;
}

} // namespace kerf::data
