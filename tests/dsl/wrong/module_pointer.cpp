// error: kerf: Whole::layer: a field is a pointer to Layer: a tree holds its tensors by value
#include <kerf/kerf.h>

using namespace kerf;

struct Layer : Module {
  Param<f32, 4> scale;
};
struct Whole : Module {
  Layer *layer = nullptr;
  Param<f32, 4> bias;
};

Whole wrong(const Key &key) { return initialize<Whole>(key); }
