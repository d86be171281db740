// error: kerf: jvp: the direction is Other, but the argument Net
#include <kerf/derivatives.h>
#include <kerf/kerf.h>

using namespace kerf;

struct Net : Module {
  Param<f32, 4> weight;
};
struct Other : Module {
  Param<f32, 4> weight;
};

void wrong(const Net &net, const Other &v) {
  auto [y, t] = jvp([](const Net &net) { return exp(net.weight); }, v)(net);
  (void)(y + t);
}
