// Reads ratings that may be hostile, and invents some that are not.
#include "models/data/movielens.h"
#include "atomic_file.h"
#include "models/data/file.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <memory>
#include <random>
#include <string_view>
#include <tuple>

namespace kerf::data {
namespace {
constexpr std::string_view csv_header = "userId,movieId,rating,timestamp";
constexpr float least_rating = 0.5f, best_rating = 5;

/// The content of the file, whose faults are named as the parser's are.
std::string read_whole(const std::string &path, uint64_t max_bytes) {
  try {
    return read_file(path, max_bytes);
  } catch (const ReadError &error) {
    constexpr MovieLensFault faults[] = {MovieLensFault::open, MovieLensFault::read,
                                         MovieLensFault::size};
    throw MovieLensError(faults[static_cast<size_t>(error.fault)], path, 0, error.what());
  }
}

/// Takes the ratings off the content of a file, line by line.
class Parser {
public:
  Parser(const std::string &path, std::string_view content) : path(path), rest(content) {}

  std::vector<Rating> rows() {
    if (rest.empty())
      fail(MovieLensFault::empty, "the file is empty");
    const size_t lines = static_cast<size_t>(std::ranges::count(rest, '\n')) + 1;
    const std::string_view saved = rest, first = next();
    if (first == csv_header)
      separator = ',';
    else if (first.find('\t') != first.npos)
      separator = '\t', rest = saved, line = 0;
    else
      fail(MovieLensFault::header, "the file begins with " + quoted(first) + ", want " +
                                       quoted(csv_header) + " or four fields between tabs");
    first_row = line + 1;
    std::vector<Rating> rows;
    rows.reserve(std::min(lines, rest.size() / shortest_row + 1));
    while (!rest.empty())
      rows.push_back(row(next()));
    if (rows.empty())
      fail(MovieLensFault::empty, "no ratings follow the header");
    return rows;
  }

  /// The line on which row `index` stands: no line is skipped.
  uint64_t line_of(uint64_t index) const { return first_row + index; }

private:
  static constexpr size_t shortest_row = 8; // "1,1,1,1\n"

  [[noreturn]] void fail(MovieLensFault fault, const std::string &text) const {
    throw MovieLensError(fault, path, line, text);
  }

  std::string_view next() {
    ++line;
    const size_t end = std::min(rest.find('\n'), rest.size());
    std::string_view text = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    if (text.ends_with('\r'))
      text.remove_suffix(1);
    return text;
  }

  Rating row(std::string_view text) const {
    if (text.empty())
      fail(MovieLensFault::line, "the line is empty, want four fields");
    if (const auto separators = std::ranges::count(text, separator); separators != 3)
      fail(MovieLensFault::fields, std::to_string(separators + 1) + " fields in " + quoted(text) +
                                       ", want 4: user, item, rating, timestamp between " +
                                       (separator == ',' ? "commas" : "tabs"));
    std::array<std::string_view, 4> fields;
    for (std::string_view &field : fields) {
      const size_t end = std::min(text.find(separator), text.size());
      field = text.substr(0, end);
      text.remove_prefix(std::min(end + 1, text.size()));
    }
    return {whole("user", fields[0]), whole("item", fields[1]), stars(fields[2]),
            whole("timestamp", fields[3])};
  }

  int64_t whole(const char *what, std::string_view text) const {
    int64_t value = -1;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size() || value < 0)
      fail(MovieLensFault::number, std::string(what) + " is " + quoted(text) +
                                       ", want a whole number from 0 to 9223372036854775807");
    return value;
  }

  float stars(std::string_view text) const {
    float value = 0;
    const auto [end, error] =
        std::from_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed);
    if (error != std::errc() || end != text.data() + text.size())
      fail(MovieLensFault::number,
           "rating is " + quoted(text) + ", want a decimal number from 0.5 to 5");
    if (!(value >= least_rating && value <= best_rating)) // not NaN either
      fail(MovieLensFault::range, "rating is " + quoted(text) + ", want 0.5 to 5");
    return value;
  }

  const std::string &path;
  std::string_view rest;
  uint64_t line = 0, first_row = 1;
  char separator = ',';
};

void refuse_duplicates(const std::string &path, const Parser &parser,
                       const std::vector<Rating> &rows) {
  std::vector<uint32_t> order(rows.size());
  for (size_t i = 0; i < order.size(); ++i)
    order[i] = static_cast<uint32_t>(i);
  std::ranges::sort(order, {},
                    [&](uint32_t i) { return std::tuple(rows[i].user, rows[i].item, i); });
  size_t again = rows.size(), before = 0; // the first line that repeats one
  for (size_t i = 1; i < order.size(); ++i)
    if (rows[order[i]].user == rows[order[i - 1]].user &&
        rows[order[i]].item == rows[order[i - 1]].item && order[i] < again)
      again = order[i], before = order[i - 1];
  if (again < rows.size())
    throw MovieLensError(MovieLensFault::duplicate, path, parser.line_of(again),
                         "user " + std::to_string(rows[again].user) + " rated item " +
                             std::to_string(rows[again].item) + " already on line " +
                             std::to_string(parser.line_of(before)) + ", want one rating each");
}

/// Replaces a member of all rows by its place among the values that it has, which are returned.
std::vector<int64_t> number(std::vector<Rating> &rows, int64_t Rating::*member) {
  std::vector<int64_t> values;
  values.reserve(rows.size());
  for (const Rating &row : rows)
    values.push_back(row.*member);
  std::ranges::sort(values);
  values.erase(std::ranges::unique(values).begin(), values.end());
  values.shrink_to_fit();
  for (Rating &row : rows)
    row.*member = std::ranges::lower_bound(values, row.*member) - values.begin();
  return values;
}

/// Randomness that every standard library agrees on.
class Dice {
public:
  explicit Dice(uint64_t seed) : engine(seed) {}
  double unit() { return static_cast<double>(engine() >> 11) * 0x1p-53; } // in [0, 1)
  int below(int count) { return static_cast<int>(unit() * count); }

private:
  std::mt19937_64 engine;
};

/// Draws places in proportion to weights.
class Lottery {
public:
  void add(double weight) { sums.push_back((sums.empty() ? 0 : sums.back()) + weight); }
  size_t draw(Dice &dice) const {
    const auto found = std::ranges::upper_bound(sums, dice.unit() * sums.back());
    return std::min(static_cast<size_t>(found - sums.begin()), sums.size() - 1);
  }

private:
  std::vector<double> sums;
};

/// Half stars around `mean`.
float rate(Dice &dice, double mean) {
  double spread = -1.5; // of three, about normal
  for (int i = 0; i < 3; ++i)
    spread += dice.unit();
  return std::clamp(static_cast<float>(std::round(2 * (mean + spread)) / 2), least_rating,
                    best_rating);
}
} // namespace

const char *name(MovieLensFault fault) {
  static constexpr const char *names[] = {"open", "read",   "size",   "empty", "header",
                                          "line", "fields", "number", "range", "duplicate"};
  return names[static_cast<size_t>(fault)];
}

MovieLensError::MovieLensError(MovieLensFault fault, const std::string &path, uint64_t line,
                               const std::string &text)
    : std::runtime_error(path + (line ? ":" + std::to_string(line) : "") + ": " + text + " (" +
                         name(fault) + ")"),
      fault(fault), line(line) {}

Ratings read_movielens(const std::string &path, uint64_t max_bytes) {
  Ratings ratings;
  {
    const std::string content = read_whole(path, max_bytes);
    Parser parser(path, content);
    ratings.rows = parser.rows();
    refuse_duplicates(path, parser, ratings.rows);
  }
  ratings.users = number(ratings.rows, &Rating::user);
  ratings.items = number(ratings.rows, &Rating::item);
  return ratings;
}

void write_movielens(const std::string &path, const Ratings &ratings, MovieLensFormat format) {
  const bool csv = format == MovieLensFormat::csv;
  std::string text = csv ? std::string(csv_header) + "\n" : "";
  for (const Rating &row : ratings.rows) {
    char line[128];
    std::snprintf(line, sizeof line, csv ? "%lld,%lld,%.1f,%lld\n" : "%lld\t%lld\t%.0f\t%lld\n",
                  static_cast<long long>(ratings.users[static_cast<size_t>(row.user)]),
                  static_cast<long long>(ratings.items[static_cast<size_t>(row.item)]),
                  csv ? row.rating : std::round(row.rating), static_cast<long long>(row.time));
    text += line;
  }
  runtime::AtomicFile file(path);
  file.write(text);
  file.commit();
}

ClusteredRatings generate_ratings(const World &world) {
  if (world.users < 1 || world.clusters < 1 || world.items < world.clusters ||
      world.ratings_per_user < 1 || world.ratings_per_user > world.items)
    throw std::invalid_argument("a world needs users, clusters, an item per cluster or more, and "
                                "no more ratings per user than items");
  Dice dice(world.seed);
  // Items take turns in the clusters, so that none is empty; ids say nothing about clusters, for
  // users come in any order and items are numbered in another order than they are popular.
  std::vector<int> user_clusters, item_clusters;
  for (int user = 0; user < world.users; ++user)
    user_clusters.push_back(dice.below(world.clusters));
  for (int item = 0; item < world.items; ++item)
    item_clusters.push_back(item % world.clusters);
  for (size_t i = item_clusters.size(); i > 1; --i) // Fisher and Yates
    std::swap(item_clusters[i - 1], item_clusters[static_cast<size_t>(dice.below(int(i)))]);

  std::vector<Lottery> lotteries(static_cast<size_t>(world.clusters));
  std::vector<std::vector<int>> members(lotteries.size());
  Lottery all;
  for (int item = 0; item < world.items; ++item) {
    const auto cluster = static_cast<size_t>(item_clusters[static_cast<size_t>(item)]);
    const double weight = 1.0 / static_cast<double>(members[cluster].size() + 10);
    lotteries[cluster].add(weight);
    all.add(weight);
    members[cluster].push_back(item);
  }

  ClusteredRatings result;
  std::vector<char> is_rated(static_cast<size_t>(world.items));
  for (int user = 0; user < world.users; ++user) {
    const auto home = static_cast<size_t>(user_clusters[static_cast<size_t>(user)]);
    int64_t time = 1'000'000'000 + int64_t{dice.below(100'000'000)};
    std::vector<char> mine(static_cast<size_t>(world.items));
    size_t left_at_home = members[home].size();
    for (int i = 0; i < world.ratings_per_user; ++i) {
      const bool at_home = left_at_home > 0 && dice.unit() < world.loyalty;
      int item;
      do
        item =
            at_home ? members[home][lotteries[home].draw(dice)] : static_cast<int>(all.draw(dice));
      while (mine[static_cast<size_t>(item)]);
      const bool liked = static_cast<size_t>(item_clusters[static_cast<size_t>(item)]) == home;
      left_at_home -= liked;
      mine[static_cast<size_t>(item)] = is_rated[static_cast<size_t>(item)] = 1;
      time += 1 + dice.below(86'400);
      result.ratings.rows.push_back({user, item, rate(dice, liked ? 4.5 : 2.5), time});
    }
  }
  // Ids with gaps, as real ones have.
  for (int user = 0; user < world.users; ++user)
    result.ratings.users.push_back(3 * user + 1);
  result.user_clusters = std::move(user_clusters);
  std::vector<int64_t> places;
  for (int item = 0; item < world.items; ++item) {
    places.push_back(static_cast<int64_t>(result.ratings.items.size()));
    if (is_rated[static_cast<size_t>(item)]) {
      result.ratings.items.push_back(7 * item + 2);
      result.item_clusters.push_back(item_clusters[static_cast<size_t>(item)]);
    }
  }
  for (Rating &row : result.ratings.rows)
    row.item = places[static_cast<size_t>(row.item)];
  return result;
}

Interactions split(const Ratings &ratings, float least) {
  Interactions result;
  result.learned.resize(ratings.users.size());
  result.held_out.resize(ratings.users.size());
  std::vector<std::vector<const Rating *>> liked(ratings.users.size());
  for (const Rating &row : ratings.rows)
    if (row.rating >= least)
      liked[static_cast<size_t>(row.user)].push_back(&row);
  for (size_t user = 0; user < liked.size(); ++user) {
    std::ranges::sort(liked[user], {},
                      [](const Rating *row) { return std::tuple(row->time, row->item); });
    const size_t count = liked[user].size(), held = count < 5 ? 0 : std::max<size_t>(count / 10, 1);
    for (size_t i = 0; i < count; ++i)
      (i + held < count ? result.learned : result.held_out)[user].push_back(liked[user][i]->item);
    std::ranges::sort(result.learned[user]);
    std::ranges::sort(result.held_out[user]);
  }
  for (const Rating &row : ratings.rows)
    if (row.rating >= least &&
        std::ranges::binary_search(result.learned[static_cast<size_t>(row.user)], row.item))
      result.train.push_back({row.user, row.item});
  return result;
}

double recall(int k, std::span<const float> scores, std::span<const int64_t> learned,
              std::span<const int64_t> held_out) {
  if (held_out.empty() || k < 1)
    return 0;
  std::vector<int64_t> items;
  for (int64_t item = 0; item < std::ssize(scores); ++item)
    if (!std::ranges::binary_search(learned, item))
      items.push_back(item);
  const auto best = std::min<std::ptrdiff_t>(k, std::ssize(items));
  std::ranges::partial_sort(items, items.begin() + best, [&](int64_t a, int64_t b) {
    const float left = scores[static_cast<size_t>(a)], right = scores[static_cast<size_t>(b)];
    return left != right ? left > right : a < b;
  });
  const auto hits = std::count_if(items.begin(), items.begin() + best, [&](int64_t item) {
    return std::ranges::binary_search(held_out, item);
  });
  return static_cast<double>(hits) /
         static_cast<double>(std::min<std::ptrdiff_t>(k, std::ssize(held_out)));
}

} // namespace kerf::data
