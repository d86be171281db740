// Prints the five examples as tables that a pencil can follow.
#include "models/by_hand/examples.h"
#include "models/training/command_line.h"

#include <by_hand.h>

#include <cmath>

namespace {
using kerf::by_hand::Example, kerf::by_hand::Table;

/// "3", "-1/4", or as it is if it is no whole sixteenth.
std::string spelled(float number) {
  char text[32];
  const float sixteenths = 16 * number;
  int top = static_cast<int>(sixteenths), bottom = 16;
  if (sixteenths != std::round(sixteenths)) {
    std::snprintf(text, sizeof text, "%g", static_cast<double>(number));
    return text;
  }
  for (; bottom > 1 && top % 2 == 0; bottom /= 2)
    top /= 2;
  return std::to_string(top) + (bottom > 1 ? "/" + std::to_string(bottom) : "");
}

void print(const Table &table) {
  const size_t columns = table.shape.empty() ? 1 : static_cast<size_t>(table.shape.back());
  for (size_t i = 0; i < table.numbers.size(); ++i) {
    if (i % columns == 0)
      std::printf("%s  %-30s", i ? "\n" : "", i ? "" : table.name.c_str());
    std::printf(" %6s", spelled(table.numbers[i]).c_str());
  }
  std::printf("\n");
}

int run() {
  size_t numbers = 0, exact = 0, count = 0;
  float distance = 0;
  for (const Example &example : kerf::by_hand::examples()) {
    std::printf("%s%s\n", count++ ? "\n" : "", example.title.c_str());
    for (const Table &table : example.tables) {
      print(table);
      numbers += table.numbers.size();
      exact += table.is_exact() ? table.numbers.size() : 0;
    }
    distance = std::max(distance, example.distance);
  }
  std::printf("\n" KERF_MODEL_NAME ": examples=%zu numbers=%zu exact=%zu distance=%.1e\n", count,
              numbers, exact, static_cast<double>(distance));
  return numbers == exact && distance < 1e-6f ? 0 : 1;
}
} // namespace

int main(int argc, char **argv) {
  CLI::App app("Prints five models with integers small enough for a pencil: inputs, weights, "
               "activations and gradients. Ends with 1 if one of the numbers is not exact.");
  app.set_version_flag("--version", kerf::training::bodies_of(*::by_hand::entries[0]));
  CLI11_PARSE(app, argc, argv);
  return kerf::training::guarded(KERF_MODEL_NAME, run);
}
