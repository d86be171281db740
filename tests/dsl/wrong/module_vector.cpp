// error: kerf: Whole::layers: vector is no aggregate, so its tensors cannot be found
#include <kerf/kerf.h>

using namespace kerf;

struct Layer : Module {
  Param<f32, 4> scale;
};
struct Whole : Module {
  std::vector<Layer> layers;
};

Whole wrong(const Key &key) { return initialize<Whole>(key); }
