// MovieLens: who rated what, in the two formats that its files have; and data of that kind with
// known clusters.   [Harper 2015]
#pragma once

#include <cstdint>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

namespace kerf::data {

/// Every way a file of ratings can be refused.
enum class MovieLensFault {
  open,      // it cannot be opened, or is no regular file
  read,      // the system failed to read
  size,      // more bytes than the caller allows
  empty,     // no ratings
  header,    // the first line is that of neither format
  line,      // an empty line
  fields,    // not four fields
  number,    // a field is no number, or one that does not fit
  range,     // a rating that is not in [0.5, 5]
  duplicate, // the same user and item again
};
const char *name(MovieLensFault fault);

/// what() is "<path>:<line>: <what is wrong, and what is wanted> (<fault>)"; without the line where
/// the fault is the file's (then `line` is 0).
struct MovieLensError : std::runtime_error {
  MovieLensError(MovieLensFault fault, const std::string &path, uint64_t line,
                 const std::string &text);
  MovieLensFault fault;
  uint64_t line;
};

/// A user and an item stand for their places in `Ratings::users` and `Ratings::items`.
struct Rating {
  int64_t user, item;
  float rating; // in [0.5, 5]
  int64_t time; // seconds
  friend bool operator==(const Rating &, const Rating &) = default;
};

struct Ratings {
  std::vector<int64_t> users, items; // the file's ids, ascending
  std::vector<Rating> rows;          // in the file's order
};

enum class MovieLensFormat {
  csv, // ratings.csv: the header "userId,movieId,rating,timestamp", fields between commas
  tab, // u.data: no header, fields between tabs
};

/// Reads either format; the first line says which. Lines end in LF or CRLF. Takes memory of at most
/// 8 times the file's size.
Ratings read_movielens(const std::string &path, uint64_t max_bytes = uint64_t{4} << 30);

/// An AtomicFile. In `u.data` ratings are rounded to whole numbers. Throws std::runtime_error with
/// the path and the system's words.
void write_movielens(const std::string &path, const Ratings &ratings,
                     MovieLensFormat format = MovieLensFormat::csv);

/// A world of ratings whose structure is known: every user and every item belongs to a cluster.
/// A user rates mostly items of the own cluster, and likes them; within a cluster, item i is chosen
/// in proportion to 1 / (i + 10).
struct World {
  int users = 1200, items = 800, clusters = 16;
  int ratings_per_user = 40; // no more than `items`
  double loyalty = 0.85;     // the part of the ratings that are within the cluster
  uint64_t seed = 0;
};
struct ClusteredRatings {
  Ratings ratings;                               // only those who rate or are rated
  std::vector<int> user_clusters, item_clusters; // by place in `ratings`
};
/// The same on every machine: a function of `world` alone.
ClusteredRatings generate_ratings(const World &world);

/// What a recommender learns from, and what it is measured by: for every user the latest of the
/// liked items are held out.
struct Interactions {
  struct Pair {
    int64_t user, item;
  };
  std::vector<Pair> train;                             // in the order of the ratings
  std::vector<std::vector<int64_t>> learned, held_out; // items of each user, ascending
};
/// Ratings of `least` and more count as liked. Held out is a tenth, at least one item, of users
/// with five or more.   [Liang 2018]
Interactions split(const Ratings &ratings, float least = 4);

/// recall@k: the part of the held-out items, or of k where there are more, that is among the k best
/// scores of items that were not learned from. The lower index wins ties.
double recall(int k, std::span<const float> scores, std::span<const int64_t> learned,
              std::span<const int64_t> held_out);

} // namespace kerf::data
