// Gives users and items of MovieLens, or of an invented world, ids made of codes, and measures what
// the ids still know.
#include <ids.h>

#include "models/data/digest.h"
#include "models/data/movielens.h"
#include "models/data/order.h"
#include "models/data/perplexity.h"
#include "models/pictures/plot.h"
#include "models/training/command_line.h"
#include "models/training/results.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <set>

namespace {
using namespace kerf::data;
using namespace kerf::pictures;
using namespace kerf::training;
constexpr int64_t batch = ids::EmbedStepUsers::shape[0],
                  codebook_batch = ids::InitCodebooksUsers::shape[0],
                  encode_batch = ids::EncodeUsers::shape[0], most_scored = ids::scores_most_rows;
constexpr int recall_at = 10;

/// Who chose what, and what else is known of it.
struct DataSet {
  Ratings ratings;
  Interactions interactions;
  std::vector<int64_t> users, items;             // that something is learned from
  std::vector<int> user_clusters, item_clusters; // empty if unknown

  explicit DataSet(Ratings read) : ratings(std::move(read)), interactions(split(ratings)) {
    std::vector<char> chosen(ratings.items.size());
    for (const Interactions::Pair &pair : interactions.train)
      chosen[static_cast<size_t>(pair.item)] = 1;
    for (int64_t user = 0; user < std::ssize(ratings.users); ++user)
      if (!interactions.learned[static_cast<size_t>(user)].empty())
        users.push_back(user);
    for (int64_t item = 0; item < std::ssize(ratings.items); ++item)
      if (chosen[static_cast<size_t>(item)])
        items.push_back(item);
  }
};

/// Of who rated what, how and when, whatever the file's format.
std::string digest(const Ratings &ratings) {
  Digest digest;
  digest.add(std::span<const int64_t>(ratings.users));
  digest.add(std::span<const int64_t>(ratings.items));
  for (const Rating &row : ratings.rows) {
    const int64_t fields[] = {row.user, row.item, row.time};
    digest.add(std::span<const int64_t>(fields));
    digest.add(std::span<const float>(&row.rating, 1));
  }
  return digest.text();
}

void require_room(const std::string &path, const char *what, size_t count, int64_t capacity,
                  const char *macro) {
  if (static_cast<int64_t>(count) > capacity)
    throw std::runtime_error(path + ": " + std::to_string(count) + " " + what +
                             ", but the compiled model has room for " + std::to_string(capacity) +
                             "; raise " + macro + " in models/ids/entries.cpp");
}

DataSet read(const std::string &path) {
  DataSet data(read_movielens(path));
  require_room(path, "users", data.ratings.users.size(), ids::user_capacity, "IDS_USERS");
  require_room(path, "items", data.ratings.items.size(), ids::item_capacity, "IDS_ITEMS");
  if (std::ranges::all_of(data.interactions.held_out, &std::vector<int64_t>::empty))
    throw std::runtime_error(path + ": no user has five ratings of 4 and more, so there is nothing "
                                    "to measure the ids by");
  return data;
}

/// An invented world, by way of a file like MovieLens's.
DataSet invent(const TrainingOptions &options) {
  const ClusteredRatings made = generate_ratings({.seed = options.seed});
  const std::string path = options.output + "/ratings.csv";
  write_movielens(path, made.ratings);
  DataSet data = read(path);
  data.user_clusters = made.user_clusters;
  data.item_clusters = made.item_clusters;
  return data;
}

class IdTraining : public Training {
public:
  IdTraining(const TrainingOptions &options, const DataSet &data)
      : Training(options,
                 {.name = "ids",
                  .schedule = ids::steps,
                  .step_size = batch,
                  .unit = "examples",
                  .identity = {{"ratings", digest(data.ratings)}, {"recipe", ids::training_hash}},
                  .curves = {{"choice", {0, ids::embed_steps}},
                             {"reconstruction", {ids::embed_steps, ids::steps}},
                             {"perplexity", {codes_begin, ids::steps}}},
                  .optimizers = {{"adam.embeddings", {0}, ids::embed_steps},
                                 {"adam.codecs", {ids::embed_steps, codes_begin}}},
                  .ranges = {}}),
        data(data), pair_order(options.seed, std::ssize(data.interactions.train)),
        user_order(options.seed, std::ssize(data.users)),
        item_order(options.seed, std::ssize(data.items)) {
    context.get()->cpu_features = options.cpu_features;
    checkpoint.add(params);
    checkpoint.add(adam);
    checkpoint.add(progress);
  }

  kerf::Block<ids::Params> params;
  kerf::Context context{ids::arena_bytes, options.threads};

private:
  static constexpr int64_t codes_begin = ids::embed_steps + ids::warmup_steps;
  int64_t done() const override { return progress->step; }

  void init() override {
    ids::init(context, params, adam, progress, kerf::RandomKey(options.seed));
  }

  void step() override {
    const int64_t now = done();
    if (now < ids::embed_steps)
      return embed();
    if (now == codes_begin) {
      std::array<int64_t, codebook_batch> users, items;
      for (int64_t i = 0; i < codebook_batch; ++i) {
        users[static_cast<size_t>(i)] = user(user_order.for_codebook(i));
        items[static_cast<size_t>(i)] = item(item_order.for_codebook(i));
      }
      ids::init_codebooks(context, params, adam, users, items);
    }
    for (int64_t i = 0; i < batch; ++i) {
      const int64_t place = now * batch + i;
      users[static_cast<size_t>(i)] = user(user_order.at(place));
      items[static_cast<size_t>(i)] = item(item_order.at(place));
    }
    if (now < codes_begin) {
      const float loss = ids::warmup_step(context, params, adam, progress, users, items).loss;
      note(loss, {{"reconstruction", loss}});
    } else {
      const auto losses = ids::train_step(context, params, adam, progress, users, items);
      note(losses.loss,
           {{"reconstruction", losses.reconstruction}, {"perplexity", losses.perplexity}});
    }
  }

  void embed() {
    for (int64_t i = 0; i < batch; ++i) {
      const int64_t place = pair_order.at(done() * batch + i);
      const Interactions::Pair &pair = data.interactions.train[static_cast<size_t>(place)];
      users[static_cast<size_t>(i)] = pair.user;
      items[static_cast<size_t>(i)] = pair.item;
    }
    const int64_t count = std::ssize(data.ratings.items);
    const float loss = ids::embed_step(context, params, adam, progress, users, items,
                                       ids::EmbedStepItemCount(&count),
                                       kerf::RandomKey(Shuffle::key_of(options.seed, 1)))
                           .loss;
    note(loss, {{"choice", loss}});
  }

  int64_t user(int64_t place) const { return data.users[static_cast<size_t>(place)]; }
  int64_t item(int64_t place) const { return data.items[static_cast<size_t>(place)]; }

  std::string phase() const override {
    const int64_t last = done() - 1;
    return last < ids::embed_steps ? "embeddings" : last < codes_begin ? "autoencoder" : "codes";
  }

  const DataSet &data;
  DataOrder pair_order, user_order, item_order;
  kerf::Block<ids::Adam> adam;
  kerf::Block<ids::Step> progress;
  std::array<int64_t, batch> users, items;
};

using Id = std::array<int64_t, ids::levels>;

/// recall@10 by the embeddings and by what the ids tell of them: means over the users from whom
/// something is held out.
struct Recalls {
  double unquantized = 0, quantized = 0;
};

Recalls recalls(kerf::Context &context, const ids::Params &params, const DataSet &data) {
  std::vector<int64_t> asked;
  for (int64_t user : data.users)
    if (!data.interactions.held_out[static_cast<size_t>(user)].empty())
      asked.push_back(user);
  std::vector<char> known(data.ratings.items.size());
  for (int64_t item : data.items)
    known[static_cast<size_t>(item)] = 1;

  Recalls sums;
  std::vector<float> unquantized, quantized;
  const int64_t count = std::ssize(asked);
  for (int64_t first = 0; first < count; first += most_scored) {
    const auto rows = static_cast<size_t>(std::min(most_scored, count - first));
    const std::span users = std::span(asked).subspan(static_cast<size_t>(first), rows);
    unquantized.resize(rows * ids::item_capacity);
    quantized.resize(rows * ids::item_capacity);
    ids::scores(context, params, users, unquantized, quantized);
    for (size_t i = 0; i < rows; ++i) {
      const auto user = static_cast<size_t>(users[i]);
      const auto recall_by = [&](std::vector<float> &all) {
        const std::span scores(all.data() + i * ids::item_capacity, known.size());
        for (size_t item = 0; item < known.size(); ++item)
          if (!known[item]) // nothing says whom it is for
            scores[item] = -INFINITY;
        return recall(recall_at, scores, data.interactions.learned[user],
                      data.interactions.held_out[user]);
      };
      sums.unquantized += recall_by(unquantized) / static_cast<double>(count);
      sums.quantized += recall_by(quantized) / static_cast<double>(count);
    }
  }
  return sums;
}

/// The ids of one kind of entity.
struct Named {
  const char *kind;
  std::span<const int64_t> entities; // places in the ratings
  std::span<const int64_t> numbers;  // their ids in the file, by place
  std::span<const int> clusters;     // by place; empty if unknown
  std::vector<Id> ids;               // one per entity

  /// Which code of a level each entity has: its shares, by code.
  std::vector<double> usage(size_t level) const {
    std::vector<double> usage(ids::codes);
    for (const Id &id : ids)
      usage[static_cast<size_t>(id[level])] += 1.0 / static_cast<double>(ids.size());
    return usage;
  }
  size_t distinct() const { return std::set(ids.begin(), ids.end()).size(); }
};

std::array<Named, 2> name_all(kerf::Context &context, const ids::Params &params,
                              const DataSet &data) {
  std::array<Named, 2> named = {
      Named{"user", data.users, data.ratings.users, data.user_clusters, {}},
      Named{"item", data.items, data.ratings.items, data.item_clusters, {}}};
  const size_t most = std::max(data.users.size(), data.items.size());
  std::array<std::array<int64_t, encode_batch>, 2> entities;
  std::array<std::vector<int64_t>, 2> codes;
  codes.fill(std::vector<int64_t>(ids::EncodeUserIds::size));
  for (size_t first = 0; first < most; first += encode_batch) {
    for (size_t kind = 0; kind < 2; ++kind)
      for (size_t i = 0; i < encode_batch; ++i)
        entities[kind][i] =
            named[kind].entities[std::min(first + i, named[kind].entities.size() - 1)];
    ids::encode(context, params, entities[0], entities[1], codes[0], codes[1]);
    for (size_t kind = 0; kind < 2; ++kind)
      for (size_t i = 0; i < encode_batch && first + i < named[kind].entities.size(); ++i)
        std::copy_n(codes[kind].begin() + static_cast<std::ptrdiff_t>(i * ids::levels),
                    static_cast<size_t>(ids::levels), named[kind].ids.emplace_back().begin());
  }
  return named;
}

std::string table_of(std::span<const Named> all) {
  std::string text = "kind,id";
  for (int64_t level = 0; level < ids::levels; ++level)
    text += ",code" + std::to_string(level);
  for (const Named &named : all)
    for (size_t i = 0; i < named.ids.size(); ++i) {
      text += std::string("\n") + named.kind + ',' +
              std::to_string(named.numbers[static_cast<size_t>(named.entities[i])]);
      for (int64_t code : named.ids[i])
        text += ',' + std::to_string(code);
    }
  return text + "\n";
}

/// First codes against clusters, or against second codes where no clusters are known. Codes that
/// have the same row at most stand beside each other.
struct CodeTable {
  std::vector<std::vector<double>> rows; // by cluster, by code: entities
  std::vector<size_t> columns;           // the codes in use, in the picture's order
  double purity = 0; // part of the entities that are where most of their code are

  explicit CodeTable(const Named &named) {
    const auto entities = static_cast<double>(named.ids.size());
    std::vector<size_t> main_row(ids::codes);
    for (size_t i = 0; i < named.ids.size(); ++i) {
      const auto row = static_cast<size_t>(
          named.clusters.empty() ? named.ids[i][1]
                                 : named.clusters[static_cast<size_t>(named.entities[i])]);
      rows.resize(std::max(rows.size(), row + 1), std::vector<double>(ids::codes));
      ++rows[row][static_cast<size_t>(named.ids[i][0])];
    }
    for (size_t code = 0; code < ids::codes; ++code) {
      for (size_t row = 0; row < rows.size(); ++row)
        if (rows[row][code] > rows[main_row[code]][code])
          main_row[code] = row;
      if (const double most = rows[main_row[code]][code]) {
        columns.push_back(code);
        purity += most / entities;
      }
    }
    std::ranges::stable_sort(columns, {}, [&](size_t code) { return main_row[code]; });
  }
};

Picture code_map(const Named &named, const CodeTable &table) {
  std::vector<double> cells;
  for (const std::vector<double> &row : table.rows)
    for (size_t code : table.columns)
      cells.push_back(row[code]);
  char title[128];
  std::snprintf(title, sizeof title, "%zu %ss: %zu of %d first codes in use", named.ids.size(),
                named.kind, table.columns.size(), static_cast<int>(ids::codes));
  const bool known = !named.clusters.empty();
  return heat_map({title, known ? "first code, those of one cluster together" : "first code",
                   known ? "cluster" : "second code"},
                  static_cast<int>(table.columns.size()), cells);
}

Picture loss_curves(const Log &log) {
  const Curve curves[] = {{"choice", log.curves.at("choice"), {200, 80, 40}},
                          {"reconstruction", log.curves.at("reconstruction"), {40, 90, 180}}};
  return line_plot({"Ids", "step", "loss of the phase", true}, curves);
}

int run(const TrainingOptions &options) {
  std::filesystem::create_directories(options.output);
  const FolderLock lock(options.output);
  const DataSet data = options.data.empty() ? invent(options) : read(options.data);
  std::printf(
      "ids: %zu ratings by %zu users of %zu items, %zu of them to learn from, %lld steps of "
      "%d, seed %llu, threads %llu\n",
      data.ratings.rows.size(), data.ratings.users.size(), data.ratings.items.size(),
      data.interactions.train.size(), static_cast<long long>(options.steps),
      static_cast<int>(batch), static_cast<unsigned long long>(options.seed),
      static_cast<unsigned long long>(options.threads));
  std::fflush(stdout);

  IdTraining training(options, data);
  if (!training.run())
    return 130;
  const Recalls recall = recalls(training.context, training.params, data);
  const std::array<Named, 2> all = name_all(training.context, training.params, data);
  double mean_perplexity = 0, entities = 0, distinct = 0;
  for (const Named &named : all) {
    for (size_t level = 0; level < ids::levels; ++level)
      mean_perplexity += perplexity(named.usage(level)) / (2.0 * ids::levels);
    entities += static_cast<double>(named.ids.size());
    distinct += static_cast<double>(named.distinct());
  }

  Results results(options.output);
  results.weights(training.params);
  results.text("ids.csv", table_of(all));
  results.picture("loss.png", loss_curves(training.log));
  for (const Named &named : all) {
    const CodeTable table(named);
    results.picture(std::string(named.kind) + "_codes.png", code_map(named, table));
    if (!named.clusters.empty())
      std::printf("ids: the first code alone tells the cluster of %.1f %% of the %ss\n",
                  100 * table.purity, named.kind);
  }
  results.figure("recall10", 4, recall.quantized);
  results.figure("recall10_unquantized", 4, recall.unquantized);
  results.figure("perplexity", 2, mean_perplexity);
  results.figure("collisions", 4, (entities - distinct) / distinct);
  training.forget();
  results.show("ids", training.log, options.steps * batch, "examples");
  return 0;
}
} // namespace

int main(int argc, char **argv) {
  TrainingOptions options{.data = "", .output = "build/demo/ids", .steps = ids::steps};
  CLI::App app(
      "Learns embeddings of users and items from ratings, makes each an id of a few codes, "
      "and measures on held-out ratings what the ids still know: recall@10 by the ids and "
      "by the embeddings, the perplexity of the codes (the mean of all codebooks), and "
      "collisions (how many more entities than one an id has, on average). Writes "
      "pictures, ids and weights. Ctrl-C leaves a checkpoint from which the same command "
      "goes on.");
  app.add_option("--data", options.data,
                 "MovieLens's ratings.csv or u.data; without it, a world with known clusters is "
                 "invented from the seed");
  add_options(app, options, *ids::entries[0]);
  CLI11_PARSE(app, argc, argv);
  return guarded("ids", [&] { return run(options); });
}
