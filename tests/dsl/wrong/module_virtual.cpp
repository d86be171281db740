// error: kerf: Layer is no aggregate, so its tensors cannot be found
#include <kerf/kerf.h>

using namespace kerf;

struct Layer : Module {
  Param<f32, 4> scale;
  virtual ~Layer() = default;
};
struct Whole : Module {
  std::array<Layer, 2> layers;
};

Whole wrong() { return zeros<Whole>(); }
