// error: entry f: returns("y") names one tensor, but the function returns nothing
#include <kerf/kerf.h>

using namespace kerf;
namespace {
constexpr auto B = dim<"B">();
using X = Tensor<f32, 4>;
struct State {
  X x;
};
void f(State &state) { state.x = state.x + 1; }
const auto registered =
    model<"returns_nothing">(entry<"f">(f, roles("state"), returns("y"))); // <- here
} // namespace
