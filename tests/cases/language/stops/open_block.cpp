// refused: entry 'f' leaves B open, which shapes of block 'state' have; a block is of one size
#include <kerf/kerf.h>

using namespace kerf;
namespace {
constexpr auto B = dim<"B">();
struct State {
  Tensor<f32, B, 3> last;
};
void f(State &state, const Tensor<f32, B, 3> &x) { state.last = x; }
const auto registered =
    model<"open_block">(entry<"f">(f, roles("state", "x"), bind(B, up_to(8)))); // <- here
} // namespace
