// error: repeat uses 'count' of State, which has no value yet
#include <kerf/kerf.h>

using namespace kerf;
namespace {
using X = Tensor<f32, 4>;
struct State {
  X x;
  Tensor<i64> count;
};
X f(const X &x) {
  auto step = [](const State &state) { return State{state.x * 2, {}}; };
  return repeat<3>(State{x, 0}, step).x; // <- here
}
const auto registered = model<"unset_by_loop">(entry<"f">(f, roles("x")));
} // namespace
