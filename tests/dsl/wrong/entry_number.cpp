// error: kerf: entry: argument 2 of the function is int, but an entry takes tensors and trees of
// them
#include <kerf/kerf.h>

using namespace kerf;

Tensor<f32> f(const Tensor<f32, 4> &x, int steps) { return sum(x) + steps; }

auto wrong() { return entry<"f">(f, roles("x", "steps")); }
