// What words mean, from WordNet; and text as numbers, character by character.   [Fellbaum 1998]
#pragma once

#include <cstdint>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace kerf::data {

/// Every way a file of WordNet can be refused.
enum class GlossFault {
  open,   // it cannot be opened, or is no regular file
  read,   // the system failed to read
  size,   // more bytes than the caller allows
  empty,  // no glosses
  fields, // fewer fields than one with a word has
  gloss   // no gloss stands behind " | "
};
const char *name(GlossFault fault);

/// what() is "<path>:<line>: <what is wrong, and what is wanted> (<fault>)"; without the line where
/// the fault is the file's (then `line` is 0).
struct GlossError : std::runtime_error {
  GlossError(GlossFault fault, const std::string &path, uint64_t line, const std::string &text);
  GlossFault fault;
  uint64_t line;
};

/// Of each set of synonyms in a file `data.noun`, `data.verb` … a line "dog: a member of the genus
/// Canis …": its first word and what it means, without the examples. What is no printable ASCII is
/// left out.   [wndb(5WN)]
std::vector<std::string> read_glosses(const std::string &path,
                                      uint64_t max_bytes = uint64_t{1} << 30);

/// The four files of a folder: nouns, verbs, adjectives, adverbs.
std::vector<std::string> read_all_glosses(const std::string &folder);

/// A character of text is a token: ' ' to '~' are 0 to 94, and 95 ends a line.
constexpr int64_t text_tokens = 96, end_of_line = text_tokens - 1;
constexpr int64_t token_of(char c) { return c >= ' ' && c <= '~' ? c - ' ' : end_of_line; }
constexpr char character_of(int64_t token) {
  return token >= 0 && token < end_of_line ? static_cast<char>(' ' + token) : '\n';
}

/// Lines one behind another, each between two ends: the first character of a line follows an end.
class Text {
public:
  explicit Text(std::span<const std::string> lines);
  int64_t lines() const { return std::ssize(starts); }
  int64_t size() const { return std::ssize(tokens); }
  /// Of all its tokens.
  std::string digest() const;
  /// The place of the end before a line.
  int64_t start(int64_t line) const { return starts[static_cast<size_t>(line)]; }
  /// Tokens from the end before a line on, and those that follow each. Behind the last comes the
  /// first.
  void copy_line(int64_t line, std::span<int64_t> from, std::span<int64_t> next) const {
    copy(start(line), from, next);
  }
  /// The same from any place.
  void copy(int64_t place, std::span<int64_t> from, std::span<int64_t> next) const;

private:
  std::vector<uint8_t> tokens;
  std::vector<int64_t> starts; // the places of the ends before lines
};

} // namespace kerf::data
