// error: kerf: entry: argument 1, a Net, is taken by value, so what the function does to it is
// lost; take Net & to write it, const Net & to read it
#include <kerf/kerf.h>

using namespace kerf;

struct Net : Module {
  Param<f32, 4> weight;
};
Tensor<f32> train(Net net, const Tensor<f32, 4> &x) { return sum(net.weight * x); }

auto wrong() { return entry<"train">(train, roles("params", "x")); }
