// error: kerf: Whole::layers: pair is no aggregate, so its tensors cannot be found
#include <kerf/kerf.h>

#include <utility>

using namespace kerf;

struct Whole : Module {
  std::pair<Param<f32, 4>, Param<f32, 3>> layers;
};

Whole wrong(const Key &key) { return initialize<Whole>(key); }
