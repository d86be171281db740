// error: kerf: Whole cannot be made without arguments: a tree has no references
#include <kerf/kerf.h>

using namespace kerf;

struct Layer : Module {
  Param<f32, 4> scale;
};
struct Whole : Module {
  const Layer &layer;
  Param<f32, 4> bias;
};

void wrong(const Whole &whole) {
  (void)value_and_grad([](const Whole &whole) { return sum(whole.bias); })(whole);
}
