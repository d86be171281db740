// IDX files, plain and gzipped: the good ones exactly, the hostile ones with a named error and
// little memory.
#include "models/data/idx.h"
#include "runtime/allocations.h"
#include "runtime/folder.h"

#include <catch2/catch.hpp>

#include <sys/stat.h>
#include <zlib.h>

using namespace kerf::data;
using namespace kerf::test;

namespace {
std::string big_endian(uint32_t value) {
  return {static_cast<char>(value >> 24), static_cast<char>(value >> 16),
          static_cast<char>(value >> 8), static_cast<char>(value)};
}

std::string idx(const std::vector<uint32_t> &shape, size_t data_bytes, int type = 8) {
  std::string file{'\0', '\0', static_cast<char>(type), static_cast<char>(shape.size())};
  for (uint32_t extent : shape)
    file += big_endian(extent);
  for (size_t i = 0; i < data_bytes; ++i)
    file += static_cast<char>(i * 7);
  return file;
}

std::string gzip(const std::string &content) {
  z_stream stream{};
  REQUIRE(deflateInit2(&stream, 9, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) == Z_OK);
  std::string result(deflateBound(&stream, content.size()), '\0');
  stream.next_in = reinterpret_cast<Bytef *>(const_cast<char *>(content.data()));
  stream.avail_in = static_cast<uInt>(content.size());
  stream.next_out = reinterpret_cast<Bytef *>(result.data());
  stream.avail_out = static_cast<uInt>(result.size());
  REQUIRE(deflate(&stream, Z_FINISH) == Z_STREAM_END);
  result.resize(stream.total_out);
  deflateEnd(&stream);
  return result;
}

/// The name of the fault that reading `content` meets, or "none".
std::string fault_of(const Folder &folder, const std::string &content, std::string *text = nullptr,
                     uint64_t max_bytes = 1 << 30) {
  const std::string path = folder / "images.idx";
  write_file(path, content);
  try {
    read_idx(path, max_bytes);
    return "none";
  } catch (const IdxError &error) {
    if (text)
      *text = error.what();
    return name(error.fault);
  }
}
} // namespace

TEST_CASE("idx: plain, gzipped, and in several gzip members", "[data]") {
  Folder folder;
  const std::string plain = idx({2, 3, 5}, 30);
  for (const std::string &content :
       {plain, gzip(plain), gzip(plain.substr(0, 9)) + gzip(plain.substr(9))}) {
    write_file(folder / "images.idx", content);
    const Idx images = read_idx(folder / "images.idx");
    CHECK(images.shape == std::vector<int64_t>{2, 3, 5});
    REQUIRE(images.data.size() == 30);
    for (size_t i = 0; i < 30; ++i)
      CHECK(images.data[i] == static_cast<uint8_t>(7 * i));
  }
  CHECK(fault_of(folder, idx({0, 4294967295u, 4294967295u, 4294967295u}, 0)) ==
        "none");                                                        // no elements
  CHECK(fault_of(folder, gzip(idx({3'000'000}, 3'000'000))) == "none"); // more than one round
}

TEST_CASE("idx: hostile files get a named error each", "[data]") {
  struct Case {
    const char *fault;
    std::string file;
    const char *words;
  };
  const std::string good = gzip(idx({4}, 4));
  std::string broken_checksum = good, broken_data = good;
  broken_checksum[good.size() - 6] ^= 1;
  broken_data[10] = 7; // a block of type 3, which there is not
  const Case cases[] = {
      {"truncated", "", "the magic number has 0 of 4 bytes"},
      {"magic", "PNG\1....", "begins with bytes 80, 78, want 0, 0"},
      {"type", idx({4}, 16, 13), "element type 13, want 8"},
      {"rank", idx({}, 1), "0 axes, want 1 to 8"},
      {"rank", idx({1, 1, 1, 1, 1, 1, 1, 1, 1}, 1), "9 axes"},
      {"truncated", idx({4}, 3), "the data has 3 of 4 bytes of shape [4]"},
      {"trailing", idx({4}, 5), "bytes follow the 4 bytes of shape [4]"},
      {"size", idx({4294967295u}, 4), "shape [4294967295] claims more than the 1073741824 bytes"},
      {"truncated", idx({1000000}, 4), "claims 1000000 bytes, the file can hold no more than 12"},
      {"size", idx({65536, 65536, 65536, 65536}, 4), "claims more than"},    // 2^64
      {"size", idx({65536, 65536, 65536, 65536, 2}, 4), "claims more than"}, // wraps to 0
      {"size", gzip(idx({4294967295u}, 4)), "claims more than"},
      {"truncated", gzip(idx({4}, 3)), "the data has 3 of 4 bytes"},
      {"trailing", gzip(idx({4}, 5)), "bytes follow"},
      {"gzip", broken_checksum, "broken gzip stream: incorrect data check"},
      {"gzip", broken_data, "broken gzip stream"},
      {"gzip", good + "more", "bytes that are no gzip follow"},
      {"gzip", std::string("\x1f\x8b\x07", 3) + good.substr(3), "broken gzip stream"},
      {"truncated", good + good.substr(0, 5), "the gzip stream ends early"},
  };
  Folder folder;
  for (const Case &hostile : cases) {
    std::string text;
    INFO(hostile.words);
    CHECK(fault_of(folder, hostile.file, &text) == hostile.fault);
    CHECK_THAT(text, Catch::Contains(hostile.words));
  }
  CHECK(fault_of(folder, idx({100}, 100), nullptr, 99) == "size");
}

TEST_CASE("idx: a file cut anywhere is refused", "[data]") {
  Folder folder;
  for (const std::string &whole : {idx({2, 3, 5}, 30), gzip(idx({2, 3, 5}, 30))})
    for (size_t bytes = 0; bytes < whole.size(); ++bytes) {
      INFO("cut to " << bytes << " of " << whole.size() << " bytes");
      CHECK(fault_of(folder, whole.substr(0, bytes)) == "truncated");
    }
}

TEST_CASE("idx: any bit may flip: a named error or data of the right size", "[data]") {
  Folder folder;
  for (const std::string &whole : {idx({2, 3}, 6), gzip(idx({2, 3}, 6))})
    for (size_t bit = 0; bit < 8 * whole.size(); ++bit) {
      std::string flipped = whole;
      flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ (1 << bit % 8));
      CHECK_NOTHROW(fault_of(folder, flipped)); // any other exception or crash fails
    }
}

TEST_CASE("idx: memory follows what is there, not what is claimed", "[data]") {
  if (allocations() < 0)
    return;
  Folder folder;
  const auto bytes_to_read = [&](const std::string &content) {
    write_file(folder / "images.idx", content);
    const long before = allocated_bytes();
    try {
      read_idx(folder / "images.idx");
    } catch (const IdxError &) {
    }
    return allocated_bytes() - before;
  };
  constexpr long overhead = 150'000; // the window of inflate, a buffer
  CHECK(bytes_to_read(idx({4294967295u}, 4)) < overhead);
  CHECK(bytes_to_read(gzip(idx({4294967295u}, 4))) < overhead);
  CHECK(bytes_to_read(gzip(idx({9000}, 50'000'000))) <
        overhead + 9000); // a bomb behind a small claim
  // Claimed within what the compressed size could hold, but not there: half a megabyte of noise is
  // one round.
  std::string noise = idx({100'000'000}, 0);
  uint32_t state = 1;
  for (int i = 0; i < 500'000; ++i)
    noise += static_cast<char>((state = state * 1664525 + 1013904223) >> 24);
  CHECK(bytes_to_read(gzip(noise)) < overhead + (1 << 20) + 1000);
}

TEST_CASE("idx: what is no regular file is refused at once", "[data]") {
  Folder folder;
  REQUIRE(mkfifo((folder / "pipe").c_str(), 0600) == 0);
  for (const std::string &path :
       {folder / "absent", folder / "pipe", folder.path().string(), std::string("/dev/zero")})
    CHECK_THROWS_WITH(read_idx(path), Catch::Contains("(open)"));
}
