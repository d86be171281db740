// error: average: decay = 1.9, but must be in [0, 1]
#include <kerf/kerf.h>
#include <kerf/trees.h>

using namespace kerf;
namespace {
struct Net : Module {
  Param<f32, 4> a;
};
void f(Net &smooth, const Net &net) {
  average(smooth, net, 1.9); // <- here
}
const auto registered = model<"average_beyond">(entry<"f">(f, roles("smooth", "net")));
} // namespace
