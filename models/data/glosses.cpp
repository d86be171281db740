// Reads WordNet's files, which may be anything.
#include "models/data/glosses.h"
#include "models/data/digest.h"
#include "models/data/file.h"

namespace kerf::data {
namespace {

/// The next field of a line, which spaces separate; empty behind the last.
std::string_view take_field(std::string_view &rest) {
  rest.remove_prefix(std::min(rest.find_first_not_of(' '), rest.size()));
  const std::string_view field = rest.substr(0, rest.find(' '));
  rest.remove_prefix(field.size());
  return field;
}

/// "able(p)", "domestic_dog" as they are read aloud.
std::string word_of(std::string_view field) {
  std::string word;
  for (char c : field.substr(0, field.find('(')))
    if (c > ' ' && c <= '~')
      word += c == '_' ? ' ' : c;
  return word;
}

/// What the word means: examples follow, in quotes.
std::string meaning_of(std::string_view gloss) {
  gloss = gloss.substr(0, gloss.find("; \""));
  std::string meaning;
  for (char c : gloss)
    if (c >= ' ' && c <= '~')
      meaning += c;
  const size_t first = meaning.find_first_not_of(' ');
  return first == meaning.npos ? ""
                               : meaning.substr(first, meaning.find_last_not_of(' ') + 1 - first);
}

std::string content_of(const std::string &path, uint64_t max_bytes) {
  try {
    return read_file(path, max_bytes);
  } catch (const ReadError &error) {
    constexpr GlossFault faults[] = {GlossFault::open, GlossFault::read, GlossFault::size};
    throw GlossError(faults[static_cast<size_t>(error.fault)], path, 0, error.what());
  }
}

} // namespace

const char *name(GlossFault fault) {
  static constexpr const char *names[] = {"open", "read", "size", "empty", "fields", "gloss"};
  return names[static_cast<size_t>(fault)];
}

GlossError::GlossError(GlossFault fault, const std::string &path, uint64_t line,
                       const std::string &text)
    : std::runtime_error(path + (line ? ":" + std::to_string(line) : "") + ": " + text + " (" +
                         name(fault) + ")"),
      fault(fault), line(line) {}

std::vector<std::string> read_glosses(const std::string &path, uint64_t max_bytes) {
  const std::string content = content_of(path, max_bytes);
  std::vector<std::string> lines;
  uint64_t number = 0;
  for (std::string_view rest = content; !rest.empty();) {
    ++number;
    const std::string_view line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(line.size() + 1, rest.size()));
    if (line.starts_with("  ")) // the licence
      continue;
    std::string_view fields = line.substr(0, line.find(" | "));
    std::string_view word;
    for (int field = 0; field < 5; ++field) // offset, file, kind, number of words, the first one
      word = take_field(fields);
    std::string spelled = word_of(word);
    if (spelled.empty())
      throw GlossError(GlossFault::fields, path, number,
                       "no word in " + quoted(line) +
                           ", want it as the fifth of the fields between spaces");
    if (line.find(" | ") == line.npos)
      throw GlossError(GlossFault::gloss, path, number,
                       "no gloss in " + quoted(line) + ", want one behind \" | \"");
    std::string meaning = meaning_of(line.substr(line.find(" | ") + 3));
    if (!meaning.empty())
      lines.push_back(std::move(spelled) + ": " + meaning);
  }
  if (lines.empty())
    throw GlossError(GlossFault::empty, path, 0, "there are no glosses in the file");
  return lines;
}

std::vector<std::string> read_all_glosses(const std::string &folder) {
  std::vector<std::string> all;
  for (const char *kind : {"noun", "verb", "adj", "adv"}) {
    const std::string path = folder + "/data." + kind;
    try {
      for (std::string &line : read_glosses(path))
        all.push_back(std::move(line));
    } catch (const GlossError &error) {
      if (error.fault != GlossFault::open)
        throw;
      throw std::runtime_error(std::string(error.what()) +
                               "; install the Debian package wordnet-base, or name the folder of "
                               "its files with --data");
    }
  }
  return all;
}

Text::Text(std::span<const std::string> lines) {
  for (const std::string &line : lines) {
    starts.push_back(size());
    tokens.push_back(end_of_line);
    for (char c : line)
      tokens.push_back(static_cast<uint8_t>(token_of(c)));
  }
}

std::string Text::digest() const {
  Digest digest;
  digest.add(std::span<const uint8_t>(tokens));
  return digest.text();
}

void Text::copy(int64_t place, std::span<int64_t> from, std::span<int64_t> next) const {
  const auto at = [&](size_t i) {
    return int64_t{tokens[(static_cast<size_t>(place) + i) % tokens.size()]};
  };
  for (size_t i = 0; i < from.size(); ++i) {
    from[i] = at(i);
    next[i] = at(i + 1);
  }
}

} // namespace kerf::data
