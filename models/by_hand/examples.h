// The five examples with their numbers, computed: what the program prints and the test knows.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace kerf::by_hand {

struct Table {
  std::string name;
  std::vector<int64_t> shape;
  std::vector<float> numbers;

  /// All of them are whole sixteenths, as they are on paper.
  bool is_exact() const;
};

struct Example {
  std::string title;
  std::vector<Table> tables; // inputs, weights, activations, gradients
  /// How far the gradients of logarithms, which a pencil knows without computing them, are from
  /// those that Kerf takes of the loss itself; 0 where there are none.
  float distance = 0;

  const Table &operator[](const std::string &name) const;
};

std::vector<Example> examples();

} // namespace kerf::by_hand
