// error: kerf: average: the averages are const, but are written: take them as Model &
#include <kerf/kerf.h>
#include <kerf/trees.h>

using namespace kerf;

struct Model : Module {
  Param<f32, 4> weight;
};

void wrong(const Model &ema, const Model &model) { average(ema, model, 0.99); }
