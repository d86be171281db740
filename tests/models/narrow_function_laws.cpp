// Functions of bf16 and f16 give what they give of the same numbers in f32, rounded as often as
// tests/models/narrow_functions.cpp says of each.
#define CATCH_CONFIG_MAIN
#include <catch2/catch.hpp>

#include "narrow_functions.h"

#include <fstream>
#include <regex>
#include <sstream>

namespace {

/// The functions in the order of the results, as the model's file names them.
std::vector<std::string> names() {
  std::ifstream file(KERF_SOURCE);
  std::stringstream text;
  text << file.rdbuf();
  const std::string all = text.str();
  const std::regex named(R"(\n\s+check\w*<"([\w:]+)\")");
  std::vector<std::string> names;
  for (std::sregex_iterator at(all.begin(), all.end(), named), end; at != end; ++at)
    names.push_back((*at)[1]);
  return names;
}

template <class Entry> void check(Entry entry) {
  kerf::Context context(narrow_functions::arena_bytes);
  const std::array<std::uint32_t, 2> key{5, 6};
  std::array<std::int64_t, 30> places;
  for (int i = 0; i < 30; ++i)
    places[i] = (i * 7 + i / 5) % 5;
  std::array<float, narrow_functions::functions> errors;
  entry(context, key, places, errors);
  const std::vector<std::string> functions = names();
  REQUIRE(functions.size() == errors.size());
  for (std::size_t i = 0; i < errors.size(); ++i) {
    INFO(functions[i] << ": half last places of the largest number over those that it may be off");
    CHECK(errors[i] <= 1.01f); // no NaN either; f32 rounds, too
  }
}

TEST_CASE("narrow functions: bf16") {
  check([](auto &...arguments) { narrow_functions::in_bf16(arguments...); });
}
TEST_CASE("narrow functions: f16") {
  check([](auto &...arguments) { narrow_functions::in_f16(arguments...); });
}

} // namespace
