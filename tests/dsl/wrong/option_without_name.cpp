// error: kerf: adam_step: an option is given by name, as in rate = ...
#include <kerf/kerf.h>

using namespace kerf;

struct Net : Module {
  Param<f32, 4> weight;
};

void wrong(Net &net, Adam<Net> &adam) { adam_step(net, net, adam, 1e-3); }
