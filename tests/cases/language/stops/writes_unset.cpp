// error: entry f: 'b' of params, which it writes, has no value
#include <kerf/kerf.h>

using namespace kerf;
namespace {
using X = Tensor<f32, 4>;
struct Net : Module {
  Param<f32, 4> a, b;
};
void f(Net &net, const X &x) {
  Net fresh;
  fresh.a = x;
  net = fresh;
}
const auto registered = model<"writes_unset">(entry<"f">(f, roles("params", "x"))); // <- here
} // namespace
