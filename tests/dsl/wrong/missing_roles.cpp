// error: kerf: entry: behind the function stand roles(...), a name for each of its arguments, then,
#include <kerf/kerf.h>

using namespace kerf;

Tensor<f32> twice(const Tensor<f32> &x) { return 2 * x; }

const auto wrong = model<"wrong">(entry<"twice">(twice)); // <- here
