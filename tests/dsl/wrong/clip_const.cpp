// error: kerf: clip_by_norm: the gradients are const, but are written: take them as Model &
#include <kerf/kerf.h>
#include <kerf/trees.h>

using namespace kerf;

struct Model : Module {
  Param<f32, 4> weight;
};

void wrong(const Model &gradients) { clip_by_norm(gradients, 1); }
