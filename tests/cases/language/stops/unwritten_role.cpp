// warning: entry train does not write 'adam', which its function takes to be written; take it as
#include <kerf/kerf.h>

using namespace kerf;
namespace {
using X = Tensor<f32, 4>;
struct Net : Module {
  Param<f32, 4> weight;
};
X train(Net &net, Adam<Net> &adam, const X &x) {
  net.weight = net.weight - 0.1 * x * adam.m.weight;
  return net.weight * adam.v.weight * cast<f32>(adam.t);
}
const auto registered =
    model<"unwritten_role">(entry<"train">(train, roles("net", "adam", "x"))); // <- here
} // namespace
