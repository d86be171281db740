// Prints what every entry of a model says to its Builder; linked with one model unit.
#include "recorder.h"

#include <iostream>

int main() {
  const kerf_model_table &model = *kerf_models();
  for (std::size_t i = 0; i < model.num_entries; ++i) {
    kerf::Recorder recorder;
    model.entries[i].emit(recorder);
    for (const std::string &port : recorder.ports)
      std::cout << port << "\n";
    for (std::size_t k = 0; k < recorder.lines.size(); ++k)
      std::cout << recorder.source_lines[k] << ": " << recorder.lines[k] << "\n";
    for (kerf::Value value : recorder.returned)
      std::cout << "returned %" << value << "\n";
  }
}
