// Files of WordNet: the good ones exactly, the broken ones by line; text as tokens.
#include "models/data/glosses.h"
#include "runtime/folder.h"

#include <catch2/catch.hpp>

#include <array>

using namespace kerf::data;
using namespace kerf::test;

namespace {
const std::string licence = "  1 This software and database is being provided to you\n",
                  dog = "02084071 05 n 03 domestic_dog 0 dog 0 Canis_familiaris 0 002 @ 02083346 n "
                        "0000 ~ 01322604 n 0000 | a member of the genus Canis; \"the dog barked\"  "
                        "\n",
                  able = "00001740 00 a 01 able(p) 0 001 = 05200169 n 0000 | (usually followed by "
                         "`to') having the means\n";

std::string complaint(const Folder &folder, const std::string &content,
                      uint64_t max_bytes = 1 << 30) {
  const std::string path = folder / "data.noun";
  write_file(path, content);
  try {
    read_glosses(path, max_bytes);
    return "";
  } catch (const GlossError &error) {
    return std::string(error.what()).substr(path.size());
  }
}
} // namespace

TEST_CASE("glosses: a word and what it means, without licence, examples and marks", "[data]") {
  Folder folder;
  write_file(folder / "data.noun", licence + dog + able);
  CHECK(read_glosses(folder / "data.noun") ==
        std::vector<std::string>{"domestic dog: a member of the genus Canis",
                                 "able: (usually followed by `to') having the means"});
}

TEST_CASE("glosses: broken files are refused by line", "[data]") {
  struct Case {
    std::string file, want;
  };
  const Case cases[] = {
      {"", ": there are no glosses in the file (empty)"},
      {licence, ": there are no glosses in the file (empty)"},
      {licence + "\n", ":2: no word in \"\", want it as the fifth of the fields between spaces "
                       "(fields)"},
      {dog + "02084071 05 n 03 | what\n", ":2: no word in \"02084071 05 n 03 | what\""},
      {dog + "02084071 05 n 01 dog 0 000\n",
       ":2: no gloss in \"02084071 05 n 01 dog 0 000\", want one behind \" | \" (gloss)"},
      {std::string("\0\1\2", 3), ":1: no word in \"???\""},
  };
  Folder folder;
  for (const Case &broken : cases) {
    INFO(broken.want);
    CHECK_THAT(complaint(folder, broken.file), Catch::Contains(broken.want));
  }
  CHECK(complaint(folder, dog, dog.size()) == "");
  CHECK(complaint(folder, dog, dog.size() - 1) == ": the file has " + std::to_string(dog.size()) +
                                                      " bytes, want at most " +
                                                      std::to_string(dog.size() - 1) + " (size)");
  CHECK_THROWS_WITH(read_all_glosses(folder.path().string()),
                    Catch::Contains("data.verb: No such file") &&
                        Catch::Contains("install the Debian package wordnet-base"));
}

TEST_CASE("glosses: any bit may flip, any end may be missing: printable lines or a named error",
          "[data]") {
  Folder folder;
  const std::string whole = licence + able + dog;
  const std::string path = folder / "data.noun";
  const auto read = [&](const std::string &content) {
    write_file(path, content);
    try {
      for (const std::string &line : read_glosses(path))
        for (char c : line)
          CHECK(token_of(c) != end_of_line);
    } catch (const GlossError &) { // any other exception or crash fails
    }
  };
  for (size_t bit = 0; bit < 8 * whole.size(); ++bit) {
    std::string flipped = whole;
    flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ (1 << bit % 8));
    read(flipped);
  }
  for (size_t bytes = 0; bytes < whole.size(); ++bytes)
    read(whole.substr(0, bytes));
}

TEST_CASE("text: each line between two ends, the first behind the last", "[data]") {
  const std::vector<std::string> lines{"ab", "c"};
  const Text text(lines);
  CHECK(text.lines() == 2);
  CHECK(text.size() == 5);
  std::array<int64_t, 4> from, next;
  const auto read = [](std::span<const int64_t> tokens) {
    std::string result;
    for (int64_t token : tokens)
      result += character_of(token);
    return result;
  };
  text.copy_line(0, from, next);
  CHECK(read(from) == "\nab\n");
  CHECK(read(next) == "ab\nc");
  text.copy_line(1, from, next);
  CHECK(read(from) == "\nc\na");
  CHECK(read(next) == "c\nab");
}
