// error: kerf: a Param is trained, so it is f32, f64, bf16 or f16; of other types is a Buffer
#include <kerf/kerf.h>

using namespace kerf;

struct Net : Module {
  Param<i64, 4> steps; // <- here
};

Net wrong() { return Net(); }
