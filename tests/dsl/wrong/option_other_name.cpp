// error: kerf: adam_step: there is no option lr; did you mean rate? its options are
#include <kerf/kerf.h>

using namespace kerf;

struct Net : Module {
  Param<f32, 4> weight;
};

void wrong(Net &net, Adam<Net> &adam) { adam_step(net, net, adam, option<"lr"> = 1e-3); }
