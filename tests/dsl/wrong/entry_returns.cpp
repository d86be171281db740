// error: kerf: entry: the function returns tuple, but an entry returns a tensor, an aggregate of
// tensors or nothing
#include <kerf/kerf.h>

using namespace kerf;

std::tuple<Tensor<f32>, Tensor<f32>> f(const Tensor<f32, 4> &x) { return {sum(x), sum(x)}; }

auto wrong() { return entry<"f">(f, roles("x")); }
