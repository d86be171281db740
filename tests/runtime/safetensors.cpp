// Reading weights: what is good loads exactly, what is hostile gets a named error and little
// memory.
#include "safetensors.h"
#include "allocations.h"
#include "folder.h"

#include <catch2/catch.hpp>

#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace kerf::runtime;
using namespace kerf::test;

namespace {
/// The bytes of a file with this header and that much data.
std::string file_of(const std::string &header, size_t data_bytes) {
  std::string file;
  for (int i = 0; i < 8; ++i)
    file += static_cast<char>(header.size() >> 8 * i);
  file += header;
  for (size_t i = 0; i < data_bytes; ++i)
    file += static_cast<char>(i);
  return file;
}

/// The name of the fault that opening `content` meets, or "none".
std::string fault_of(const Folder &folder, const std::string &content,
                     std::string *text = nullptr) {
  const std::string path = folder / "hostile.safetensors";
  write_file(path, content);
  try {
    SafetensorsFile file(path);
    for (size_t i = 0; i < file.size(); ++i)
      if (file[i].bytes > content.size())
        return "a tensor larger than the file";
    return "none";
  } catch (const FileError &error) {
    if (text)
      *text = error.what();
    return name(error.fault);
  }
}

constexpr int64_t six[] = {2, 3}, three[] = {3}, one[] = {1};
constexpr kerf_leaf leaves[] = {
    {"conv.weight", {kDLFloat, 32, 1}, 2, six, 0, 24},
    {"conv.bias", {kDLFloat, 32, 1}, 1, three, 64, 12},
    {"t", {kDLInt, 64, 1}, 0, nullptr, 128, 8},
    {"key \"\\\n\xc3\xa9", {kDLUInt, 32, 1}, 1, one, 192, 4},
    {"flags", {kDLUInt, 1, 1}, 1, three, 256, 3},
};
constexpr kerf_block block{"params", 320, 5, leaves};

/// The block's bytes, padding zero.
struct Bytes {
  alignas(64) unsigned char data[320] = {};
  void fill() {
    for (const kerf_leaf &leaf : leaves)
      for (uint64_t i = 0; i < leaf.bytes; ++i)
        data[leaf.offset + i] = static_cast<unsigned char>(3 * (leaf.offset + i) + 1);
  }
};

const std::string good = R"({"a":{"dtype":"F32","shape":[2,3],"data_offsets":[0,24]},)"
                         R"("b":{"dtype":"I64","shape":[],"data_offsets":[24,32]}} )";
} // namespace

TEST_CASE("what is saved loads again, name by name and bit for bit", "[safetensors]") {
  Folder folder;
  const std::string path = folder / "weights.safetensors";
  Bytes saved, loaded;
  saved.fill();
  float history[4] = {4, 3, 2, 1};
  const int64_t four[] = {4};
  const kerf_leaf loss{"loss", {kDLFloat, 32, 1}, 1, four, 0, 16};
  save(path, std::vector<Section>{{"model.", block, saved.data}, {"history.", {&loss, 1}, history}},
       {{"format", "pt"}, {"made by", "a \"test\"\t"}});

  SafetensorsFile file(path);
  CHECK(file.size() == 6);
  CHECK(file.metadata("format") == "pt");
  CHECK(file.metadata("made by") == "a \"test\"\t");
  CHECK(!file.metadata("epoch"));
  CHECK(file.find("absent") == file.size());
  const FileTensor weight = file[file.find("model.conv.weight")];
  CHECK(weight.dtype_name == "F32");
  CHECK(weight.rank == 2);
  CHECK(weight.shape[0] == 2);
  CHECK(weight.shape[1] == 3);
  CHECK(file.find("model.key \"\\\n\xc3\xa9") < file.size());
  // Every tensor lies at a multiple of its element, because the wide ones come first.
  for (size_t i = 0; i < file.size(); ++i)
    CHECK(file[i].offset % std::max(1, file[i].dtype.bits / 8) == 0);

  float history_again[4] = {};
  load(file, std::vector<Section>{{"model.", block, loaded.data},
                                  {"history.", {&loss, 1}, history_again}});
  CHECK(std::memcmp(saved.data, loaded.data, sizeof saved.data) == 0);
  CHECK(std::memcmp(history, history_again, sizeof history) == 0);
}

TEST_CASE("the report names what is missing, unexpected and of the wrong shape; nothing is written",
          "[safetensors]") {
  Folder folder;
  const std::string path = folder / "weights.safetensors";
  Bytes bytes;
  save(path, std::vector<Section>{{"", block, bytes.data}});
  constexpr kerf_leaf other[] = {
      {"conv.weight", {kDLFloat, 32, 1}, 1, three, 0, 12},
      {"conv.bias", {kDLFloat, 64, 1}, 1, three, 64, 24},
      {"t", {kDLInt, 64, 1}, 0, nullptr, 128, 8},
      {"gain", {kDLFloat, 32, 1}, 1, three, 192, 12},
  };
  unsigned char target[320];
  std::memset(target, 9, sizeof target);
  const std::vector<Section> sections{{"", other, target}};
  SafetensorsFile file(path);
  const Report report = compare(file, sections);
  CHECK(report.missing == std::vector<std::string>{"\"gain\", F32 [3]"});
  CHECK(report.unexpected == std::vector<std::string>{"\"flags\"", "\"key \"\\?\xc3\xa9\""});
  CHECK(report.wrong ==
        std::vector<std::string>{"\"conv.weight\" is F32 [2, 3] in the file, want F32 [3]",
                                 "\"conv.bias\" is F32 [3] in the file, want F64 [3]"});
  try {
    load(file, sections);
    FAIL("loaded");
  } catch (const FileError &error) {
    CHECK(error.fault == Fault::mismatch);
    CHECK_THAT(error.what(),
               Catch::Contains("missing: \"gain\"") && Catch::Contains("unexpected: \"flags\""));
  }
  for (unsigned char byte : target)
    REQUIRE(byte == 9);
}

TEST_CASE("hostile headers get a named error each", "[safetensors]") {
  struct Case {
    const char *fault, *header;
    size_t data;
    const char *words;
  };
  static const Case cases[] = {
      {"none", R"({})", 0, ""},
      {"none", R"({ } )", 0, ""},
      {"none", R"({"__metadata__":{}})", 0, ""},
      {"none", R"({"a":{"shape":[0,18446744073709551],"data_offsets":[0,0],"dtype":"F64"}})", 0,
       ""},
      {"none", R"({"aé":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}})", 1, ""},
      {"header_size", "", 0, "claims 0 bytes"},
      {"header_size", "{", 0, "claims 1 bytes"},
      {"syntax", "[]", 0, "does not begin with '{'"},
      {"syntax", R"( {})", 0, "does not begin with '{'"},
      {"syntax", R"({}x)", 0, "expected nothing but spaces at byte 10, found \"x\""},
      {"syntax", R"({} {})", 0, "nothing but spaces"},
      {"syntax", R"({"a")", 0, "expected ':' at byte 12"},
      {"syntax", R"({"a":1})", 0, "expected '{'"},
      {"syntax", R"({a:1})", 0, "expected a name in quotes"},
      {"syntax", R"({"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},})", 1,
       "expected a name in quotes"},
      {"syntax", R"({"a":{"dtype":"U8","shape":[1,],"data_offsets":[0,1]}})", 1,
       "non-negative integer"},
      {"syntax", R"({"a":{"dtype":"U8","shape":[-1],"data_offsets":[0,1]}})", 1,
       "non-negative integer"},
      {"syntax", R"({"a":{"dtype":"U8","shape":[1.0],"data_offsets":[0,1]}})", 1,
       "an integer as JSON writes it"},
      {"syntax", R"({"a":{"dtype":"U8","shape":[1e0],"data_offsets":[0,1]}})", 1,
       "an integer as JSON writes it"},
      {"syntax", R"({"a":{"dtype":"U8","shape":[01],"data_offsets":[0,1]}})", 1,
       "an integer as JSON writes it"},
      {"syntax", R"({"a":{"dtype":"U8","shape":["1"],"data_offsets":[0,1]}})", 1,
       "non-negative integer"},
      {"syntax", R"({"a":{"dtype":"U8","shape":[null],"data_offsets":[0,1]}})", 1,
       "non-negative integer"},
      {"syntax", R"({"a":{"dtype":7,"shape":[1],"data_offsets":[0,1]}})", 1,
       "an element type in quotes"},
      {"syntax", "{\"a\n\":{}}", 0, "expected the end of a string"},
      {"syntax", R"({"a\x":{}})", 0, "expected an escaped character"},
      {"syntax", R"({"a\u12g4":{}})", 0, "expected a hexadecimal digit"},
      {"syntax", R"({"__metadata__":{"a":1}})", 0, "a text in quotes"},
      {"syntax", R"({"__metadata__":[]})", 0, "expected '{'"},
      {"utf8", R"({"\ud800":{}})", 0, "half of a surrogate pair"},
      {"utf8", R"({"\ud800A":{}})", 0, "half of a surrogate pair"},
      {"utf8", R"({"\udc00":{}})", 0, "half of a surrogate pair"},
      {"utf8", "{\"\xff\":{}}", 0, "is no UTF-8"},
      {"utf8", "{\"\xc0\xaf\":{}}", 0, "byte 10 is no UTF-8"},
      {"utf8", "{\"\xe0\x80\xaf\":{}}", 0, "is no UTF-8"},
      {"utf8", "{\"\xed\xa0\x80\":{}}", 0, "is no UTF-8"},
      {"utf8", "{\"\xf4\x90\x80\x80\":{}}", 0, "is no UTF-8"},
      {"utf8", "{\"\xe2\x82\":{}}", 0, "is no UTF-8"},
      {"duplicate",
       R"({"a":{"dtype":"U8","shape":[0],"data_offsets":[0,0]},"a":{"dtype":"U8","shape":[0],"data_offsets":[0,0]}})",
       0, "tensor \"a\" stands twice"},
      {"duplicate",
       R"({"a":{"dtype":"U8","shape":[0],"data_offsets":[0,0]},"\u0061":{"dtype":"U8","shape":[0],"data_offsets":[0,0]}})",
       0, "tensor \"a\" stands twice"},
      {"duplicate", R"({"a":{"dtype":"U8","dtype":"U8","shape":[0],"data_offsets":[0,0]}})", 0,
       "has dtype twice"},
      {"duplicate", R"({"__metadata__":{},"__metadata__":{}})", 0, "__metadata__ stands twice"},
      {"duplicate", R"({"__metadata__":{"k":"1","k":"2"}})", 0, "__metadata__ has \"k\" twice"},
      {"missing_field", R"({"a":{}})", 0, "tensor \"a\" has no dtype"},
      {"missing_field", R"({"a":{"dtype":"U8","data_offsets":[0,0]}})", 0,
       "tensor \"a\" has no shape"},
      {"missing_field", R"({"a":{"dtype":"U8","shape":[0]}})", 0,
       "tensor \"a\" has no data_offsets"},
      {"unknown_field", R"({"a":{"dtype":"U8","stride":[1],"shape":[1],"data_offsets":[0,1]}})", 1,
       "has a field \"stride\""},
      {"dtype", R"({"a":{"dtype":"F33","shape":[1],"data_offsets":[0,4]}})", 4,
       "the unknown element type \"F33\""},
      {"dtype", R"({"a":{"dtype":"f32","shape":[1],"data_offsets":[0,4]}})", 4,
       "the unknown element type \"f32\""},
      {"rank", R"({"a":{"dtype":"U8","shape":[1,1,1,1,1,1,1,1,1],"data_offsets":[0,1]}})", 1,
       "more than 8 axes"},
      {"overflow", R"({"a":{"dtype":"U8","shape":[18446744073709551616],"data_offsets":[0,1]}})", 1,
       "exceeds 64 bits"},
      {"overflow", R"({"a":{"dtype":"U8","shape":[9223372036854775808],"data_offsets":[0,1]}})", 1,
       "exceeds 63 bits"},
      {"overflow", R"({"a":{"dtype":"U8","shape":[4294967296,4294967296],"data_offsets":[0,0]}})",
       0, "more bytes than 64 bits can count"},
      {"overflow", R"({"a":{"dtype":"F64","shape":[2305843009213693952],"data_offsets":[0,0]}})", 0,
       "more bytes than 64 bits can count"},
      {"overflow", R"({"a":{"dtype":"U8","shape":[1],"data_offsets":[0,99999999999999999999]}})", 1,
       "exceeds 64 bits"},
      {"size", R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}})", 4,
       "which are 4 bytes; its shape and type take 8"},
      {"size", R"({"a":{"dtype":"U8","shape":[0],"data_offsets":[1,0]}})", 0,
       "want two ascending ones"},
      {"size", R"({"a":{"dtype":"U8","shape":[0],"data_offsets":[0]}})", 0,
       "data_offsets of 1 numbers"},
      {"size", R"({"a":{"dtype":"U8","shape":[0],"data_offsets":[0,0,0]}})", 0,
       "data_offsets of 3 numbers"},
      {"overlap",
       R"({"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},"b":{"dtype":"U8","shape":[4],"data_offsets":[3,7]}})",
       7, "tensor \"b\" begins at 3, inside another that ends at 4"},
      {"overlap",
       R"({"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},"b":{"dtype":"U8","shape":[4],"data_offsets":[0,4]}})",
       4, "inside another"},
      {"hole",
       R"({"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},"b":{"dtype":"U8","shape":[4],"data_offsets":[5,9]}})",
       9, "bytes 4 to 5 before tensor \"b\""},
      {"hole", R"({"a":{"dtype":"U8","shape":[4],"data_offsets":[1,5]}})", 5,
       "bytes 0 to 1 before tensor \"a\""},
      {"hole",
       R"({"a":{"dtype":"U8","shape":[1],"data_offsets":[18446744073709551614,18446744073709551615]}})",
       5, "belong to no tensor"},
      {"trailing", R"({"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]}})", 5,
       "the tensors take 4 bytes, the file has 5"},
      {"truncated", R"({"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]}})", 3,
       "the tensors take 4 bytes, the file has 3"},
      {"truncated",
       R"({"a":{"dtype":"U8","shape":[1000000000000],"data_offsets":[0,1000000000000]}})", 3,
       "the tensors take 1000000000000 bytes"},
  };
  Folder folder;
  for (const Case &hostile : cases) {
    INFO(hostile.header);
    std::string text;
    CHECK(fault_of(folder, file_of(hostile.header, hostile.data), &text) == hostile.fault);
    CHECK_THAT(text, Catch::Contains(hostile.words));
  }
}

TEST_CASE("a file cut anywhere is refused", "[safetensors]") {
  Folder folder;
  const std::string whole = file_of(good, 32);
  REQUIRE(fault_of(folder, whole) == "none");
  for (size_t bytes = 0; bytes < whole.size(); ++bytes) {
    INFO("cut to " << bytes << " bytes");
    CHECK(fault_of(folder, whole.substr(0, bytes)) == "truncated");
  }
  // The same with a length that agrees with the shorter header, so that the JSON itself ends early.
  for (size_t bytes = 2; bytes + 2 < good.size(); ++bytes) {
    INFO("header cut to " << bytes << " bytes");
    CHECK(fault_of(folder, file_of(good.substr(0, bytes), 32)) == "syntax");
  }
}

TEST_CASE("any bit of the header may flip: a named error or a file that fits", "[safetensors]") {
  Folder folder;
  const std::string whole = file_of(good, 32);
  int refused = 0;
  for (size_t bit = 0; bit < 8 * (whole.size() - 32); ++bit) {
    std::string flipped = whole;
    flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ (1 << bit % 8));
    const std::string fault = fault_of(folder, flipped);
    CHECK(fault != "a tensor larger than the file");
    refused += fault != "none";
  }
  CHECK(refused > 700);
}

TEST_CASE("deep nesting does not recurse", "[safetensors]") {
  Folder folder;
  const std::string deep(1'000'000, '[');
  CHECK(fault_of(folder, file_of("{\"a\":" + deep, 0)) == "syntax");
  CHECK(fault_of(folder, file_of("{\"a\":{\"shape\":" + deep, 0)) == "syntax");
  std::string objects;
  for (int i = 0; i < 100'000; ++i)
    objects += "{\"a\":";
  CHECK(fault_of(folder, file_of(objects, 0)) == "unknown_field");
}

TEST_CASE("memory is bounded by the file's size", "[safetensors]") {
  if (allocations() < 0)
    return;
  Folder folder;
  const std::string path = folder / "hostile.safetensors";
  const auto bytes_to_open = [&](const std::string &content) {
    write_file(path, content);
    const long before = allocated_bytes();
    try {
      SafetensorsFile file(path);
    } catch (const FileError &) {
    }
    return allocated_bytes() - before;
  };
  // Claims of 100 MB and of 2^63 elements cost nothing.
  std::string claim = file_of("{}", 0);
  claim[2] = '\x7f', claim[3] = 5;
  CHECK(bytes_to_open(claim) < 4096);
  CHECK(bytes_to_open(file_of(R"({"a":{"dtype":"U8","shape":[9223372036854775807],)"
                              R"("data_offsets":[0,9223372036854775807]}})",
                              8)) < 4096);
  // As many tensors as fit.
  std::string many = "{";
  for (int i = 0; i < 20'000; ++i)
    many += (i ? ",\"" : "\"") + std::to_string(i) +
            R"(":{"dtype":"I8","shape":[],"data_offsets":[)" + std::to_string(i) + "," +
            std::to_string(i + 1) + "]}";
  many += "}";
  CHECK(bytes_to_open(file_of(many, 20'000)) < 2 * long(many.size()) + 4096);
  std::string texts = "{\"__metadata__\":{";
  for (int i = 0; i < 70'000; ++i)
    texts += (i ? ",\"" : "\"") + std::to_string(i) + "\":\"\"";
  CHECK(bytes_to_open(file_of(texts + "}}", 0)) < 8'000'000);
  CHECK(fault_of(folder, file_of(texts + "}}", 0)) == "header_size");
}

TEST_CASE("what is no regular file is refused at once", "[safetensors]") {
  Folder folder;
  const auto fault = [](const std::string &path) {
    try {
      SafetensorsFile file(path);
      return std::string("none");
    } catch (const FileError &error) {
      return std::string(name(error.fault));
    }
  };
  CHECK(fault(folder / "absent") == "open");
  CHECK(fault(folder.path().string()) == "open");
  CHECK(fault("/dev/zero") == "open");
  REQUIRE(mkfifo((folder / "pipe").c_str(), 0600) == 0);
  CHECK(fault(folder / "pipe") == "open"); // and does not wait for a writer
}

TEST_CASE("a file that shrinks after it was opened is a read error", "[safetensors]") {
  Folder folder;
  const std::string path = folder / "shrinks.safetensors";
  write_file(path, file_of(good, 32));
  SafetensorsFile file(path);
  REQUIRE(truncate(path.c_str(), 90) == 0);
  char bytes[24];
  CHECK_THROWS_WITH(file.read(file.find("a"), bytes),
                    Catch::Contains("of 24 bytes of tensor \"a\": the file became shorter (read)"));
}
