// Files of ratings: the good ones exactly, the broken ones by line and with little memory; invented
// worlds, and what is learned and held out of them.
#include "models/data/movielens.h"
#include "runtime/allocations.h"
#include "runtime/folder.h"

#include <catch2/catch.hpp>

#include <algorithm>
#include <set>
#include <sys/stat.h>

using namespace kerf::data;
using namespace kerf::test;

namespace {
const std::string header = "userId,movieId,rating,timestamp\n";

/// What reading `content` says of it, behind the path; "" if nothing is wrong.
std::string complaint(const Folder &folder, const std::string &content,
                      uint64_t max_bytes = 1 << 30) {
  const std::string path = folder / "ratings";
  write_file(path, content);
  try {
    read_movielens(path, max_bytes);
    return "";
  } catch (const MovieLensError &error) {
    return std::string(error.what()).substr(path.size());
  }
}
} // namespace

TEST_CASE("movielens: both formats, with gaps between the ids", "[data]") {
  Folder folder;
  const std::vector<Rating> want = {{1, 0, 3.5f, 964982703}, {0, 1, 5, 0}, {1, 1, 0.5f, 7}};
  const std::string rows = "9,31,3.5,964982703\n2,1029,5.0,0\n9,1029,0.5,7\n";
  for (std::string content : {header + rows, "userId,movieId,rating,timestamp\r\n" + rows,
                              header + rows.substr(0, rows.size() - 1)}) {
    write_file(folder / "ratings.csv", content);
    const Ratings ratings = read_movielens(folder / "ratings.csv");
    CHECK(ratings.users == std::vector<int64_t>{2, 9});
    CHECK(ratings.items == std::vector<int64_t>{31, 1029});
    CHECK(ratings.rows == want);
  }
  write_file(folder / "u.data", "196\t242\t3\t881250949\n186\t302\t3\t891717742\n");
  const Ratings ratings = read_movielens(folder / "u.data");
  CHECK(ratings.users == std::vector<int64_t>{186, 196});
  CHECK(ratings.rows == std::vector<Rating>{{1, 0, 3, 881250949}, {0, 1, 3, 891717742}});
}

TEST_CASE("movielens: broken files are refused by line", "[data]") {
  struct Case {
    std::string file, want;
  };
  const std::string good = header + "1,2,3.5,4\n";
  const Case cases[] = {
      {"", ": the file is empty (empty)"},
      {header, ":1: no ratings follow the header (empty)"},
      {"userId,movieId\n1,2\n",
       ":1: the file begins with \"userId,movieId\", want \"userId,movieId,rating,timestamp\" or "
       "four fields between tabs (header)"},
      {"\xef\xbb\xbf" + good, "\"???userId,movieId,rating,timesta…\""},
      {"1::1193::5::978300760\n", ":1: the file begins with \"1::1193::5::978300760\""},
      {good + "\n1,3,3.5,4\n", ":3: the line is empty, want four fields (line)"},
      {good + "\n", ":3: the line is empty"},
      {good + "1,3,3.5\n", ":3: 3 fields in \"1,3,3.5\", want 4: user, item, rating, timestamp "
                           "between commas (fields)"},
      {good + "1,3,3.5,4,5\n", ":3: 5 fields"},
      {"1\t2\t3\t4\n1\t2\t3\n",
       ":2: 3 fields in \"1?2?3\", want 4: user, item, rating, timestamp between tabs (fields)"},
      {good + "one,3,3.5,4\n",
       ":3: user is \"one\", want a whole number from 0 to 9223372036854775807 (number)"},
      {good + "-1,3,3.5,4\n", ":3: user is \"-1\""},
      {good + "1,9223372036854775808,3.5,4\n", ":3: item is \"9223372036854775808\""},
      {good + "1, 3,3.5,4\n", ":3: item is \" 3\""},
      {good + "1,3,3.5,\n", ":3: timestamp is \"\""},
      {good + "1,3,3.5,4.5\n", ":3: timestamp is \"4.5\""},
      {good + std::string("1,3\0,3.5,4\n", 11), ":3: item is \"3?\""},
      {good + "1,3,good,4\n",
       ":3: rating is \"good\", want a decimal number from 0.5 to 5 (number)"},
      {good + "1,3,1e0,4\n", ":3: rating is \"1e0\""},
      {good + "1,3,nan,4\n", ":3: rating is \"nan\", want 0.5 to 5 (range)"},
      {good + "1,3,inf,4\n", ":3: rating is \"inf\", want 0.5 to 5 (range)"},
      {good + "1,3,5.5,4\n", ":3: rating is \"5.5\", want 0.5 to 5 (range)"},
      {good + "1,3,0,4\n", ":3: rating is \"0\", want 0.5 to 5 (range)"},
      {good + "2,2,1,1\n3,2,1,1\n1,2,5,9\n2,2,1,2\n",
       ":5: user 1 rated item 2 already on line 2, want one rating each (duplicate)"},
      {"7\t2\t1\t1\n7\t2\t1\t1\n", ":2: user 7 rated item 2 already on line 1"},
      {good + std::string(100'000, 'x'), ":3: 1 fields in \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…\""},
  };
  Folder folder;
  for (const Case &broken : cases) {
    INFO(broken.want);
    CHECK_THAT(complaint(folder, broken.file), Catch::Contains(broken.want));
  }
  CHECK(complaint(folder, good, good.size()) == "");
  CHECK(complaint(folder, good, good.size() - 1) ==
        ": the file has 42 bytes, want at most 41 (size)");
}

TEST_CASE("movielens: any bit may flip, any end may be missing: ratings or a named error",
          "[data]") {
  Folder folder;
  for (const std::string &whole :
       {header + "9,31,3.5,964982703\n2,1029,5.0,0\n", std::string("1\t2\t3\t4\n1\t3\t3\t4\n")}) {
    for (size_t bit = 0; bit < 8 * whole.size(); ++bit) {
      std::string flipped = whole;
      flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ (1 << bit % 8));
      CHECK_NOTHROW(complaint(folder, flipped)); // any other exception or crash fails
    }
    for (size_t bytes = 0; bytes < whole.size(); ++bytes)
      CHECK_NOTHROW(complaint(folder, whole.substr(0, bytes)));
  }
}

TEST_CASE("movielens: memory is at most 8 times the file", "[data]") {
  if (allocations() < 0)
    return;
  Folder folder;
  std::string shortest = header; // ids of one and two digits: the shortest lines there can be
  for (int user = 0; user < 100; ++user)
    for (int item = 0; item < 100; ++item)
      shortest += std::to_string(user) + "," + std::to_string(item) + ",1,1\n";
  for (const std::string &content :
       {shortest, header + std::string(100'000, '\n'), header + std::string(100'000, ',')}) {
    write_file(folder / "ratings", content);
    const long before = allocated_bytes();
    try {
      read_movielens(folder / "ratings");
    } catch (const MovieLensError &) {
    }
    CHECK(allocated_bytes() - before < 8 * static_cast<long>(content.size()) + 4000);
  }
}

TEST_CASE("movielens: what is no regular file is refused at once", "[data]") {
  Folder folder;
  REQUIRE(mkfifo((folder / "pipe").c_str(), 0600) == 0);
  for (const std::string &path :
       {folder / "absent", folder / "pipe", folder.path().string(), std::string("/dev/zero")})
    CHECK_THROWS_WITH(read_movielens(path), Catch::Contains("(open)"));
}

TEST_CASE("movielens: an invented world is read back as it was written", "[data]") {
  Folder folder;
  const Ratings written =
      generate_ratings({.users = 50, .items = 40, .clusters = 3, .ratings_per_user = 11, .seed = 5})
          .ratings;
  write_movielens(folder / "ratings.csv", written);
  Ratings read = read_movielens(folder / "ratings.csv");
  CHECK(read.users == written.users);
  CHECK(read.items == written.items);
  CHECK(read.rows == written.rows);
  write_movielens(folder / "u.data", written, MovieLensFormat::tab);
  read = read_movielens(folder / "u.data");
  CHECK(read.items == written.items);
  REQUIRE(read.rows.size() == written.rows.size());
  for (size_t i = 0; i < read.rows.size(); ++i)
    CHECK(std::abs(read.rows[i].rating - written.rows[i].rating) <= 0.5f);
  CHECK_THROWS_WITH(write_movielens(folder / "no/ratings.csv", written),
                    Catch::Contains("no/ratings.csv: cannot write"));
}

TEST_CASE("movielens: a world is a function of its seed, and has the clusters that it says",
          "[data]") {
  const World world{.users = 300, .items = 200, .clusters = 8, .ratings_per_user = 20, .seed = 1};
  const ClusteredRatings first = generate_ratings(world), again = generate_ratings(world);
  CHECK(first.ratings.rows == again.ratings.rows);
  CHECK(first.user_clusters == again.user_clusters);
  World other = world;
  other.seed = 2;
  CHECK(generate_ratings(other).ratings.rows != first.ratings.rows);
  // The world of seed 1 on every machine.
  CHECK((first.ratings.rows.front() == Rating{0, 130, 4.5f, 1029720714}));
  CHECK((first.ratings.rows.back() == Rating{299, 85, 5, 1098252075}));

  REQUIRE(first.user_clusters.size() == first.ratings.users.size());
  REQUIRE(first.item_clusters.size() == first.ratings.items.size());
  CHECK(std::set<int>(first.item_clusters.begin(), first.item_clusters.end()).size() == 8);
  double at_home = 0, stars_at_home = 0, stars_elsewhere = 0;
  for (const Rating &row : first.ratings.rows) {
    const bool home = first.user_clusters[static_cast<size_t>(row.user)] ==
                      first.item_clusters[static_cast<size_t>(row.item)];
    at_home += home;
    (home ? stars_at_home : stars_elsewhere) += row.rating;
  }
  const auto rows = static_cast<double>(first.ratings.rows.size());
  CHECK(rows == 300 * 20);
  CHECK(at_home / rows > 0.75); // homes have 25 items: some users run out of them
  CHECK(stars_at_home / at_home > 4);
  CHECK(stars_elsewhere / (rows - at_home) < 3);
  CHECK_THROWS_AS(generate_ratings({.items = 4, .ratings_per_user = 5}), std::invalid_argument);
}

TEST_CASE("movielens: the latest of what is liked is held out", "[data]") {
  Ratings ratings{{10, 20}, {}, {}};
  for (int item = 0; item < 30; ++item)
    ratings.items.push_back(100 + item);
  for (int item = 0; item < 25; ++item) // user 0 likes 21, the latest are 6 and 5
    ratings.rows.push_back({0, item, item < 4 ? 3.5f : 4.f,
                            item == 5   ? 998
                            : item == 6 ? 999
                                        : item});
  for (int item = 0; item < 4; ++item) // user 1 likes too few
    ratings.rows.push_back({1, item, 5, 0});
  const Interactions parts = split(ratings);
  CHECK(parts.held_out == std::vector<std::vector<int64_t>>{{5, 6}, {}});
  CHECK(parts.learned[0].size() == 19);
  CHECK(parts.learned[1] == std::vector<int64_t>{0, 1, 2, 3});
  CHECK(parts.train.size() == 23);
  for (const Interactions::Pair &pair : parts.train)
    CHECK(std::ranges::binary_search(parts.learned[static_cast<size_t>(pair.user)], pair.item));
}

TEST_CASE("recall: what was learned from does not compete, the lower index wins ties", "[data]") {
  const float scores[] = {9, 5, 5, 5, 1};
  const int64_t learned[] = {0}, second[] = {2}, both[] = {1, 4}, all[] = {1, 2, 3, 4};
  CHECK(recall(1, scores, learned, second) == 0); // 1 has the same score
  CHECK(recall(2, scores, learned, second) == 1);
  CHECK(recall(3, scores, learned, both) == 0.5);
  CHECK(recall(2, scores, learned, all) == 1); // no more than 2 of 4 can be found
  CHECK(recall(10, scores, learned, all) == 1);
  CHECK(recall(1, scores, {}, second) == 0); // 0 is best
  CHECK(recall(10, scores, learned, {}) == 0);
}
