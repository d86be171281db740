// Trains a GPT on WordNet's glosses in f32 and with products in bf16, from one initialisation and
// on the same lines: narrow_gpt_training [STEPS [FOLDER]].
#include KERF_MODEL_HEADER

#include "models/data/glosses.h"
#include "models/data/shuffle.h"
#include "tests/models/narrow_training.h"

namespace artefact = KERF_MODEL;

int main(int argc, char **argv) {
  using namespace kerf::data;
  const std::vector<std::string> lines =
      read_all_glosses(argc > 2 ? argv[2] : "/usr/share/wordnet");
  const Text text(lines);
  const int steps = narrow_training::steps_of(argc, argv, 300);
  constexpr int batch = artefact::StepF32Text::shape[0], length = artefact::StepF32Text::shape[1];
  kerf::Context context(artefact::arena_bytes);
  const auto train = [&](auto step) {
    kerf::Block<artefact::Params> params;
    kerf::Block<artefact::Adam> adam;
    artefact::init(context, params, adam, kerf::RandomKey(1));
    const Shuffle order(std::uint64_t(text.lines()), Shuffle::key_of(1, 0));
    std::vector<double> losses;
    std::array<std::int64_t, batch * length> from, next;
    for (int i = 0; i < steps; ++i) {
      for (int row = 0; row < batch; ++row)
        text.copy_line(std::int64_t(order(std::uint64_t(i * batch + row))),
                       std::span(from).subspan(std::size_t(row * length), length),
                       std::span(next).subspan(std::size_t(row * length), length));
      losses.push_back(step(context, params, adam, from, next).loss);
    }
    return losses;
  };
  const auto wide = train([](auto &...arguments) { return artefact::step_f32(arguments...); });
  const auto narrow = train([](auto &...arguments) { return artefact::step_bf16(arguments...); });
  const bool are_f32 = narrow_training::is_f32(kerf::table<artefact::Params>()) &&
                       narrow_training::is_f32(kerf::table<artefact::Adam>());
  return are_f32 && narrow_training::are_close("GPT", wide, narrow) ? 0 : 1;
}
