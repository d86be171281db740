// Trains the language model on WordNet's glosses; shows what it writes, and what surprises it.
#include <gru.h>

#include "models/data/glosses.h"
#include "models/data/order.h"
#include "models/pictures/plot.h"
#include "models/training/command_line.h"
#include "models/training/results.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <numeric>

namespace {
using namespace kerf::data;
using namespace kerf::pictures;
using namespace kerf::training;
namespace artefact = ::gru;

constexpr int64_t batch = artefact::TrainStepTokens::shape[0],
                  length = artefact::TrainStepTokens::shape[1],
                  most_windows = artefact::surprise_most_rows,
                  most_lines = artefact::write_most_rows, room = artefact::room;
constexpr int64_t held_out = 50; // every 50th line is for tests
constexpr int64_t shown = 24;    // lines of the test set

struct Options : TrainingOptions {
  std::vector<std::string> words;
  float temperature = 0.6f;
};

/// Lines to learn from, and those that nothing is learned from.
struct Lines {
  std::vector<std::string> train, test;

  explicit Lines(const std::vector<std::string> &all) {
    for (size_t i = 0; i < all.size(); ++i)
      (i % held_out ? train : test).push_back(all[i]);
  }
};

class GruTraining : public Training {
public:
  GruTraining(const Options &options, const Text &text)
      : Training(options,
                 {.name = KERF_MODEL_NAME,
                  .schedule = artefact::steps,
                  .step_size = batch * length,
                  .unit = "characters",
                  .identity = {{"text", text.digest()}, {"recipe", artefact::training_hash}},
                  .curves = {{"norm", {0, artefact::steps}}},
                  .optimizers = {{"adam", {0}}}}),
        text(text), order(options.seed, text.lines()) {
    context.get()->cpu_features = options.cpu_features;
    checkpoint.add(params);
    checkpoint.add(adam);
    checkpoint.add(progress);
  }

  kerf::Block<artefact::Params> params;
  kerf::Context context{artefact::arena_bytes, options.threads};

private:
  int64_t done() const override { return progress->step; }
  void init() override {
    artefact::init(context, params, adam, progress, kerf::RandomKey(options.seed));
  }
  void step() override {
    for (int64_t i = 0; i < batch; ++i)
      text.copy_line(order.at(done() * batch + i), row(tokens, i), row(next, i));
    const auto report = artefact::train_step(context, params, adam, progress, tokens, next);
    note(report.loss, {{"norm", report.norm}});
  }
  std::string phase() const override {
    const int64_t lines = done() * batch * 100 / text.lines();
    return std::to_string(lines) + " % of the lines";
  }
  static std::span<int64_t> row(std::vector<int64_t> &windows, int64_t i) {
    return std::span(windows).subspan(static_cast<size_t>(i * length), length);
  }

  const Text &text;
  const DataOrder order;
  kerf::Block<artefact::Adam> adam;
  kerf::Block<artefact::Step> progress;
  std::vector<int64_t> tokens = std::vector<int64_t>(batch * length), next = tokens;
};

/// Bits per character of windows that begin at these places of a text.
std::vector<float> surprise(GruTraining &training, const Text &text,
                            std::span<const int64_t> places) {
  std::vector<float> all;
  for (size_t first = 0; first < places.size(); first += most_windows) {
    const size_t count = std::min<size_t>(most_windows, places.size() - first);
    std::vector<int64_t> tokens(count * length), next(count * length);
    for (size_t i = 0; i < count; ++i)
      text.copy(places[first + i], std::span(tokens).subspan(i * length, length),
                std::span(next).subspan(i * length, length));
    std::vector<float> bits(count * length);
    artefact::surprise(training.context, training.params, tokens, next, bits);
    all.insert(all.end(), bits.begin(), bits.end());
  }
  return all;
}

/// Streams of draws, none of which another purpose has.
constexpr uint64_t of_words = uint64_t{1} << 32, of_test = uint64_t{2} << 32;

/// A line for each word, from the model.
std::vector<std::string> write(GruTraining &training, const Options &options,
                               std::span<const std::string> words, uint64_t stream) {
  std::vector<std::string> lines;
  for (size_t first = 0; first < words.size(); first += most_lines) {
    const size_t count = std::min<size_t>(most_lines, words.size() - first);
    std::vector<int64_t> prompts(count * room, -1), text(count * room);
    for (size_t i = 0; i < count; ++i)
      std::ranges::transform(words[first + i] + ": ", prompts.begin() + std::ptrdiff_t(i * room),
                             token_of);
    artefact::write(training.context, training.params, prompts, options.temperature,
                    kerf::RandomKey(Shuffle::key_of(options.seed, stream + first)), text);
    for (size_t i = 0; i < count; ++i) {
      std::string &line = lines.emplace_back();
      for (int64_t token : std::span(text).subspan(i * room, room)) {
        if (token == end_of_line)
          break;
        line += character_of(token);
      }
    }
  }
  return lines;
}

/// Lines whose characters are the redder, the more bits they take: white none, red eight and more.
Picture surprises(std::span<const std::string> lines, std::span<const float> bits) {
  constexpr int cell = 11, height = 24, left = 12, top = 40;
  Picture picture(2 * left + cell * int(length), top + height * static_cast<int>(lines.size()) + 8);
  picture.text(left, 12, "what surprises it: white is foreseen, red takes eight bits", black);
  for (size_t row = 0; row < lines.size(); ++row)
    for (size_t i = 0; i < std::min<size_t>(lines[row].size(), length); ++i) {
      const float share = std::clamp(bits[row * length + i] / 8, 0.f, 1.f);
      const auto paler = static_cast<uint8_t>(255 - 200 * share);
      const int x = left + cell * static_cast<int>(i), y = top + height * static_cast<int>(row);
      picture.fill(x, y, cell, height - 3, {255, paler, paler});
      const std::string_view character = std::string_view(lines[row]).substr(i, 1);
      picture.text(x + (cell - text_width(character, plain_text)) / 2, y + 4, character, black);
    }
  return picture;
}

/// What the model writes for words that were asked for, and for words of the test set, whose lines
/// it has not seen.
std::string samples(GruTraining &training, const Options &options, const Lines &lines) {
  std::string text;
  for (const std::string &line : write(training, options, options.words, of_words))
    text += line + "\n";
  std::vector<std::string> words;
  for (int64_t i = 0; i < shown; ++i)
    words.push_back(lines.test[i].substr(0, lines.test[i].find(": ")));
  const std::vector<std::string> written = write(training, options, words, of_test);
  text += "\nOf the test set, with WordNet's line below:\n";
  for (size_t i = 0; i < words.size(); ++i)
    text += written[i] + "\n    " + lines.test[i] + "\n";
  return text;
}

std::vector<float> test_surprise(GruTraining &training, const Text &test) {
  std::vector<int64_t> places;
  for (int64_t place = 0; place + length < test.size(); place += length)
    places.push_back(place);
  return surprise(training, test, places);
}

int run(const Options &options) {
  std::filesystem::create_directories(options.output);
  const FolderLock lock(options.output);
  const Lines lines(read_all_glosses(options.data));
  if (lines.test.size() < shown)
    throw std::runtime_error(options.data + ": " + std::to_string(lines.test.size()) +
                             " lines for tests, want at least " + std::to_string(shown));
  const Text train(lines.train), test(lines.test);
  std::printf("%s: %lld lines of %lld characters to learn from, %lld of them in %lld steps, seed "
              "%llu, threads %llu\n",
              KERF_MODEL_NAME, static_cast<long long>(train.lines()),
              static_cast<long long>(train.size()),
              static_cast<long long>(options.steps * batch * length),
              static_cast<long long>(options.steps), static_cast<unsigned long long>(options.seed),
              static_cast<unsigned long long>(options.threads));
  std::fflush(stdout);

  GruTraining training(options, train);
  if (!training.run())
    return 130;
  const std::vector<float> bits = test_surprise(training, test);
  const std::string text = samples(training, options, lines);
  std::vector<int64_t> starts;
  for (int64_t i = 0; i < shown; ++i)
    starts.push_back(test.start(i));
  const Curve curves[] = {{"loss", training.log.curves.at("loss"), {200, 80, 40}}};

  Results results(options.output);
  results.weights(training.params);
  results.text("samples.txt", text);
  results.picture("surprise.png",
                  surprises(std::span(lines.test).first(shown), surprise(training, test, starts)));
  results.picture("loss.png",
                  line_plot({"What words mean", "step", "nats per character", true}, curves));
  results.figure("test_bits_per_character", 4,
                 std::accumulate(bits.begin(), bits.end(), 0.0) / static_cast<double>(bits.size()));
  training.forget();
  std::printf("%s", text.substr(0, text.find("\n\n") + 1).c_str());
  results.show(KERF_MODEL_NAME, training.log, options.steps * batch * length, "characters");
  return 0;
}

/// What is wrong with a word that a line is to begin with; empty if nothing.
std::string complaint(const std::string &word) {
  if (word.empty() || std::ssize(word) > room / 2)
    return "a word has 1 to " + std::to_string(room / 2) + " characters, not " +
           std::to_string(word.size());
  for (char c : word)
    if (token_of(c) == end_of_line)
      return "words are of printable ASCII";
  return "";
}

/// What is wrong with a temperature. The library's range takes what is no number.
std::string complaint_of_temperature(const std::string &text) {
  char *end = nullptr;
  const float value = std::strtof(text.c_str(), &end);
  return !text.empty() && *end == '\0' && value >= 0 && value <= 10 ? ""
                                                                    : text + " is not in [0, 10]";
}

} // namespace

int main(int argc, char **argv) {
  Options options;
  options.data = "/usr/share/wordnet";
  options.output = std::string("build/demo/") + KERF_MODEL_NAME;
  options.steps = artefact::steps;
  options.words = {"kerf",        "compiler",     "moonlight dancer",
                   "glimmerfish", "to overthink", "gradual"};
  CLI::App app("Trains a GRU on the glosses of WordNet, character by character, measures on every "
               "50th line how many bits a character takes, lets it write what words mean, and "
               "leaves its weights. Ctrl-C leaves a checkpoint from which the same command goes "
               "on.");
  app.add_option("--data", options.data, "folder of data.noun, data.verb, data.adj and data.adv")
      ->capture_default_str();
  app.add_option("--words", options.words, "to be explained; several between commas")
      ->delimiter(',')
      ->check(CLI::Validator(complaint, "WORD"))
      ->capture_default_str();
  app.add_option("--temperature", options.temperature, "of what is written; 0 is the likeliest")
      ->check(CLI::Validator(complaint_of_temperature, "FLOAT in [0, 10]"))
      ->capture_default_str();
  add_options(app, options, *artefact::entries[0]);
  CLI11_PARSE(app, argc, argv);
  return guarded(KERF_MODEL_NAME, [&] { return run(options); });
}
