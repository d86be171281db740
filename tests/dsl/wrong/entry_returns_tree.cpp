// error: kerf: entry: Result::all: vector is no aggregate, so its tensors cannot be found
#include <kerf/kerf.h>

#include <vector>

using namespace kerf;

struct Result {
  Tensor<f32, 4> first;
  std::vector<Tensor<f32, 4>> all;
};
Result apply(const Tensor<f32, 4> &x) { return {x, {x, x}}; }

auto wrong() { return entry<"apply">(apply, roles("x")); }
