// What a training stands on: the data order, the checkpoint, the progress bar.
#include "models/training/training.h"
#include "models/data/digest.h"
#include "models/data/shuffle.h"
#include "models/pictures/picture.h"
#include "models/training/checkpoint.h"
#include "models/training/progress.h"
#include "runtime/folder.h"

#include <catch2/catch.hpp>

#include <cmath>
#include <cstring>
#include <sys/stat.h>
#include <unistd.h>

using namespace kerf::data;
using namespace kerf::pictures;
using namespace kerf::training;
using kerf::test::Folder;

// The order of a seed is part of what a release promises; a change here makes old checkpoints go on
// with other data.
static_assert(Shuffle(60'000, Shuffle::key_of(0, 0))(0) == 43'411);
static_assert(Shuffle(60'000, Shuffle::key_of(0, 0))(1) == 35'996);

TEST_CASE("shuffle: a permutation for every size", "[data]") {
  for (uint64_t size : {1, 2, 3, 4, 5, 7, 16, 17, 63, 64, 65, 1000, 4097, 60'000}) {
    const Shuffle shuffle(size, Shuffle::key_of(7, size));
    std::vector<int> hits(size);
    for (uint64_t i = 0; i < size; ++i)
      ++hits.at(shuffle(i));
    CHECK(std::count(hits.begin(), hits.end(), 1) == static_cast<std::ptrdiff_t>(size));
  }
}

TEST_CASE("shuffle: seeds and epochs give different orders, and none keeps neighbours together",
          "[data]") {
  constexpr uint64_t size = 10'000;
  const auto agree = [](const Shuffle &a, const Shuffle &b) {
    int same = 0;
    for (uint64_t i = 0; i < size; ++i)
      same += a(i) == b(i);
    return same;
  };
  const Shuffle first(size, Shuffle::key_of(0, 0));
  CHECK(agree(first, Shuffle(size, Shuffle::key_of(0, 1))) < 10); // one is expected
  CHECK(agree(first, Shuffle(size, Shuffle::key_of(1, 0))) < 10);
  int fixed = 0;
  double distance = 0;
  for (uint64_t i = 0; i + 1 < size; ++i) {
    fixed += first(i) == i;
    distance += std::abs(static_cast<double>(first(i)) - static_cast<double>(first(i + 1)));
  }
  CHECK(fixed < 10);
  CHECK(distance / size == Approx(size / 3.0).epsilon(0.03)); // as of two uniform numbers
}

namespace {
constexpr int64_t two[] = {2};
constexpr kerf_leaf weights[] = {{"w", {kDLFloat, 32, 1}, 1, two, 0, 8},
                                 {"t", {kDLInt, 64, 1}, 0, nullptr, 64, 8}};

struct Params : kerf::Role {
  kerf::Array<float, 2> w;
  kerf::Array<int64_t> t;
};
constexpr kerf_block table_of_params{"params", 128, 2, weights};
} // namespace
template <> const kerf_block &kerf::table<Params>() { return table_of_params; }

TEST_CASE("checkpoint: everything comes back", "[data]") {
  Folder folder;
  kerf::Block<Params> saved, loaded;
  saved->w[0] = 1.5f, saved->w[1] = -2;
  saved->t = 77;
  Checkpoint out(folder / "c", {{"model", "toy"}, {"seed", "3"}}),
      in(folder / "c", {{"seed", "3"}});
  out.add(saved);
  in.add(loaded);
  Log log, again;
  CHECK(!in.load(again));

  log.curves["loss"] = {3, 2, 1.5f};
  log.curves["empty"] = {};
  log.seconds = 12.25;
  out.save(log);
  REQUIRE(in.load(again));
  CHECK(std::memcmp(saved.data(), loaded.data(), saved.bytes) == 0);
  CHECK(again.curves == log.curves);
  CHECK(again.seconds == 12.25);

  Checkpoint other(folder / "c", {{"seed", "4"}}), lacking(folder / "c", {{"colour", "red"}});
  CHECK_THROWS_WITH(other.load(again), Catch::Contains("seed is 3 there, 4 here"));
  CHECK_THROWS_WITH(lacking.load(again), Catch::Contains("colour is not said there, red here"));
  out.remove();
  CHECK(!in.load(again));
}

TEST_CASE("checkpoint: a broken file is an error, not a fresh start", "[data]") {
  Folder folder;
  kerf::Block<Params> block;
  Checkpoint checkpoint(folder / "c", {});
  checkpoint.add(block);
  checkpoint.save({});
  const std::string whole = kerf::test::read_file(folder / "c");
  kerf::test::write_file(folder / "c", whole.substr(0, whole.size() - 1));
  Log log;
  CHECK_THROWS_WITH(checkpoint.load(log), Catch::Contains("(truncated)"));
}

TEST_CASE("checkpoint: numbers that no training leaves behind are refused by name", "[data]") {
  Folder folder;
  kerf::Block<Params> block;
  Checkpoint checkpoint(folder / "c", {});
  checkpoint.add(block);
  Log log;
  for (float value : {NAN, INFINITY, -INFINITY}) {
    block->w[1] = value;
    checkpoint.save(log);
    CHECK_THROWS_WITH(checkpoint.load(log),
                      Catch::Contains("params.w is") && Catch::Contains("at element 1"));
  }
  block->w[1] = 1;
  for (double seconds : {double(NAN), -1.0, double(INFINITY), 1e10}) {
    log.seconds = seconds;
    checkpoint.save(log);
    CHECK_THROWS_WITH(checkpoint.load(log), Catch::Contains("seconds"));
  }
}

TEST_CASE("checkpoint: numbers have ranges, which name a leaf or a group") {
  Folder folder;
  kerf::Block<Params> block;
  block->w[0] = 2, block->w[1] = -1;
  block->t = 7;
  Checkpoint checkpoint(folder / "c", {});
  checkpoint.add(block);
  const auto check = [&](const char *leaf, double least, double most) {
    const Range range{leaf, least, most};
    checkpoint.check(std::span(&range, 1));
  };
  check("params.w", -1, 2);
  check("params.t", 7, 7);
  check("params", -1, 7);
  CHECK_THROWS_WITH(check("params.w", 0, 2), Catch::Contains("params.w is -1.000000 at element 1"));
  CHECK_THROWS_WITH(check("params.t", 8, 8),
                    Catch::Contains("params.t is 7") && Catch::Contains("at element 0, outside 8"));
  CHECK_THROWS_WITH(check("params", -1, 6), Catch::Contains("params.t is 7"));
  CHECK_THROWS_AS(check("params.", 0, 1), std::logic_error); // a name that nothing has
  CHECK_THROWS_AS(check("param", 0, 1), std::logic_error);
}

TEST_CASE("training: an optimizer counts the steps since it began, none after its end", "[data]") {
  const Optimizer whole{"adam", {0}}, anew{"adam", {0, 100}}, first{"adam", {0}, 30},
      late{"adam", {30, 40}, 50};
  CHECK(whole.steps_of(0) == 0);
  CHECK(whole.steps_of(101) == 101);
  CHECK(anew.steps_of(100) == 100); // it begins anew with the step that follows
  CHECK(anew.steps_of(101) == 1);
  CHECK(first.steps_of(31) == 30);
  CHECK(late.steps_of(20) == 0);
  CHECK(late.steps_of(40) == 10);
  CHECK(late.steps_of(41) == 1);
  CHECK(late.steps_of(60) == 10);
}

TEST_CASE("files are written through a name of their own, whatever has it", "[data]") {
  Folder folder;
  const std::string path = folder / "a.png", temporary = path + ".tmp", other = folder / "other";
  const auto holds = [&] {
    write_png(path, Picture(3, 2));
    CHECK(kerf::test::read_file(path).starts_with("\x89PNG"));
    CHECK(kerf::test::read_file(other) == "mine");
    CHECK(access(temporary.c_str(), F_OK) != 0);
  };
  kerf::test::write_file(other, "mine");
  REQUIRE(symlink(other.c_str(), temporary.c_str()) == 0);
  holds();
  REQUIRE(link(other.c_str(), temporary.c_str()) == 0);
  holds();
  REQUIRE(mkfifo(temporary.c_str(), 0666) == 0);
  holds();
  std::remove(path.c_str());
  REQUIRE(symlink(other.c_str(), path.c_str()) == 0); // the link is replaced, not what it names
  holds();
  REQUIRE(mkdir(temporary.c_str(), 0777) == 0);
  CHECK_THROWS_WITH(write_png(path, Picture(3, 2)), Catch::Contains(temporary));
}

TEST_CASE("the lock of a folder is a file of its own", "[data]") {
  Folder folder;
  const std::string path = folder / "lock", other = folder / "other";
  REQUIRE(mkfifo(path.c_str(), 0666) == 0); // nobody waits for its reader
  CHECK_THROWS_WITH(FolderLock(folder / ""), Catch::Contains("lock"));
  std::remove(path.c_str());
  kerf::test::write_file(other, "mine");
  REQUIRE(symlink(other.c_str(), path.c_str()) == 0);
  CHECK_THROWS_WITH(FolderLock(folder / ""), Catch::Contains("lock"));
  std::remove(path.c_str());
  const FolderLock lock(folder / "");
  CHECK_THROWS_WITH(FolderLock(folder / ""), Catch::Contains("another run is at work"));
}

TEST_CASE("digests tell contents apart, not only lengths", "[data]") {
  const auto of = [](std::initializer_list<int64_t> numbers) {
    Digest digest;
    digest.add(std::span<const int64_t>(numbers));
    return digest.text();
  };
  CHECK(of({}) == "crc32 00000000 of 0 bytes");
  CHECK(of({1, 2}) != of({2, 1}));
  CHECK(of({1, 2}) != of({1, 3}));
  Digest parts;
  for (int64_t i : {1, 2})
    parts.add(std::span<const int64_t>(&i, 1));
  CHECK(parts.text() == of({1, 2}));
}

TEST_CASE("progress: the bar fits the line", "[data]") {
  const Moment moment{630, 1500, "loss 0.0123", 431.4, 71.2};
  CHECK(bar_line(moment, 80) ==
        " 42 % [############                  ] loss 0.0123  431 images/s  1:12 left");
  CHECK(bar_line(moment, 60) == " 42 % [######         ] loss 0.0123  431 images/s  1:12 left");
  CHECK(bar_line(moment, 45) == " 42 % loss 0.0123  431 images/s  1:12 left");
  CHECK(bar_line(moment, 12) == " 42 % loss 0");
  CHECK(bar_line(moment, 0).empty());
  CHECK(bar_line({1, 4, "loss 1", 5, 3, "pairs"}, 40) == " 25 % loss 1  5 pairs/s  0:03 left");
  CHECK_THAT(bar_line({0, 0, "", 0, INFINITY}, 80),
             Catch::Contains("100 %") && Catch::Contains("? left"));
  CHECK_THAT(bar_line({1, 2, "", 1, 3723}, 80), Catch::Contains("1:02:03 left"));
}

TEST_CASE("progress: a log gets the first and the last step, not all of them", "[data]") {
  Folder folder;
  const std::string path = folder / "log";
  int asked = 0;
  std::FILE *file = std::fopen(path.c_str(), "w");
  {
    ProgressBar bar(1000, 0, 32, "images", file);
    for (int64_t step = 1; step <= 1000; ++step)
      bar.update(step, [&] { return ++asked, std::string("loss 1"); });
  }
  std::fclose(file);
  const std::string text = kerf::test::read_file(path);
  CHECK(asked == 2);
  CHECK(std::count(text.begin(), text.end(), '\n') == 2);
  CHECK_THAT(text, Catch::Contains("100 % [##############################] loss 1"));
  CHECK(text.find('\r') == text.npos);
}
