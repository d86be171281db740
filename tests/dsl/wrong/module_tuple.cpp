// error: kerf: Whole::layers: tuple is no aggregate, so its tensors cannot be found
#include <kerf/kerf.h>

using namespace kerf;

struct Whole : Module {
  std::tuple<Param<f32, 4>, Param<f32, 3>> layers;
};

Whole wrong(const Key &key) { return initialize<Whole>(key); }
