// error: entry second uses a value that belongs to entry first
#include <kerf/kerf.h>

using namespace kerf;
namespace {
constexpr auto B = dim<"B">();
using X = Tensor<f32, 4>;
struct State {
  X mean;
};
State kept; // outlives the entry that gives it a value
X first(const X &x) {
  kept.mean = 2 * x;
  return kept.mean;
}
X second(const X &x) {
  return x + kept.mean; // <- here
}
const auto registered = model<"stale_static_tree">(entry<"first">(first, roles("x")),
                                                   entry<"second">(second, roles("x")));
} // namespace
