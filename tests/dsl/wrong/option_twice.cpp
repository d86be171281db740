// error: kerf: adam_step: option rate is given twice
#include <kerf/kerf.h>

using namespace kerf;

struct Net : Module {
  Param<f32, 4> weight;
};

void wrong(Net &net, Adam<Net> &adam) { adam_step(net, net, adam, rate = 1e-3, rate = 1e-4); }
